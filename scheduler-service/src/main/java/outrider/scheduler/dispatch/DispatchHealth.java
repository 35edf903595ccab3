package outrider.scheduler.dispatch;

import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.stereotype.Component;
import outrider.web.Loop;

/// Down when a loop no longer turns or the listener has ended: what only a restart mends. Kafka or the database being
/// away is no such thing.
@Component("dispatch")
final class DispatchHealth implements HealthIndicator {

    private final List<Loop> loops;
    private final KafkaListenerEndpointRegistry listeners;

    DispatchHealth(List<Loop> loops, KafkaListenerEndpointRegistry listeners) {
        this.loops = loops;
        this.listeners = listeners;
    }

    @Override
    public Health health() {
        var health = Health.up();
        loops.stream()
                .filter(loop -> !loop.turning())
                .forEach(loop -> health.down().withDetail(loop.name(), "stands still"));
        listeners.getListenerContainers().stream()
                .filter(listener -> !alive(listener))
                .forEach(listener -> health.down().withDetail(String.valueOf(listener.getListenerId()), "has ended"));
        return health.build();
    }

    private static boolean alive(MessageListenerContainer listener) {
        return listener.isRunning() && listener.isInExpectedState();
    }
}
