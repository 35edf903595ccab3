package outrider.checker.scan;

import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether the loops of the lanes come around. How old a job is says nothing about that.
@Component
final class LanesHealthIndicator implements HealthIndicator {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Lanes lanes;
    private final Clock clock;

    LanesHealthIndicator(Lanes lanes, Clock clock) {
        this.lanes = lanes;
        this.clock = clock;
    }

    @Override
    public Health health() {
        var health = lanes.isRunning() ? Health.up() : Health.outOfService();
        var now = clock.instant();
        lanes.all().forEach((lane, loop) -> {
            var silent = Duration.between(loop.snapshot().lastTurn(), now);
            health.withDetail(lane.id(), "last came around %d ms ago".formatted(silent.toMillis()));
            if (silent.compareTo(BOUND) > 0) {
                health.down();
            }
        });
        return health.build();
    }
}
