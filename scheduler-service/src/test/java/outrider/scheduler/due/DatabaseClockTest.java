package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import outrider.scheduler.TestScheduler;

class DatabaseClockTest {

    @Test
    void runs_on_from_the_databases_time() {
        var clock = new DatabaseClock(TestScheduler.byHand().jdbc());
        var first = clock.instant();
        assertThat(clock.instant()).isAfterOrEqualTo(first);

        clock.synchronise();

        assertThat(clock.instant()).isCloseTo(Instant.now(), within(10, ChronoUnit.SECONDS));
    }
}
