package outrider.insights.database;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether this replica is near the primary. It belongs to readiness, so that traffic follows the database, and not to
/// liveness: to restart a replica brings it no nearer.
@Component("near-primary")
final class NearPrimary implements HealthIndicator {

    private final PrimaryDistance distance;

    NearPrimary(PrimaryDistance distance) {
        this.distance = distance;
    }

    @Override
    public Health health() {
        return switch (distance.state()) {
            case NEAR -> at(Health.up());
            case FAR -> at(Health.outOfService());
            case LOST ->
                Health.outOfService().withDetail("primary", "cannot be reached").build();
        };
    }

    private Health at(Health.Builder health) {
        return health.withDetail("round_trip_ms", distance.nanos() / 1_000_000).build();
    }
}
