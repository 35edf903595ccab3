package outrider.insights.inventory;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;
import outrider.web.Loop;

/// Makes listeners try again for ever (they skip a record that can never be stored, so what fails is the database),
/// and what follows from their records be done beside them.
@Configuration(proxyBeanMethods = false)
class InventoryConfiguration {

    private static final Duration PAUSE = Duration.ofMillis(500);

    @Bean
    Loop removalsLoop(Removals removals, InventoryMetrics metrics) {
        return new Loop("insight-removals", PAUSE, () -> {
            var more = removals.round();
            metrics.oldestRemoval(removals.oldest());
            return more;
        });
    }

    @Bean
    Loop erasureLoop(Erasure erasure) {
        return new Loop("erasure", PAUSE, erasure::round);
    }

    @Bean
    CommonErrorHandler patience() {
        var pauses = new ExponentialBackOff(500, 2);
        pauses.setMaxInterval(15_000);
        return new DefaultErrorHandler(pauses);
    }
}
