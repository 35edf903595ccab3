package outrider.bench.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlowJobsTest {

    @Test
    void one_job_in_a_hundred_is_slow() {
        long slow = IntStream.range(0, 100_000).filter(SlowJobs::isSlow).count();

        assertThat(slow).isBetween(900L, 1_100L);
    }

    @Test
    void no_partition_gets_more_than_its_share() {
        long slow = IntStream.range(0, 300_000)
                .filter(number -> number % 30 == 7)
                .filter(SlowJobs::isSlow)
                .count();

        assertThat(slow).isBetween(60L, 140L);
    }
}
