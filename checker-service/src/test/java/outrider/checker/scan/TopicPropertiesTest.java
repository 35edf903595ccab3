package outrider.checker.scan;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TopicPropertiesTest {

    @Test
    void refuses_what_the_scheduler_refuses_as_either_may_come_first() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopicProperties(30, Duration.ofDays(7)))
                .withMessageContaining("outrider.kafka.retention");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopicProperties(0, Duration.ofDays(14)))
                .withMessageContaining("outrider.kafka.partitions");
    }
}
