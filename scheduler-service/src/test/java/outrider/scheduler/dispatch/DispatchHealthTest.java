package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import outrider.web.Loop;

class DispatchHealthTest {

    private final Loop loop = new Loop("ticker", Duration.ofDays(1), () -> false);
    private final DispatchHealth health = new DispatchHealth(List.of(loop), new KafkaListenerEndpointRegistry());

    @Test
    void is_up_while_the_loops_turn_and_down_when_one_stands_still() {
        loop.start();
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);

        loop.stop();
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.health().getDetails()).containsEntry("ticker", "stands still");
    }
}
