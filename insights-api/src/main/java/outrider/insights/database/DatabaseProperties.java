package outrider.insights.database;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Who may use how much of the database. The pool itself is configured by `spring.datasource.hikari`.
///
/// @param reportConnections how many of the pool's connections reports may hold at a time; the rest is for
/// everything else, so that neither starves the other
/// @param maxWait how long a request waits for a connection before it hears 503
@ConfigurationProperties("outrider.database")
record DatabaseProperties(
        @DefaultValue("5") int reportConnections,
        @DefaultValue("500ms") Duration maxWait,
        @DefaultValue Primary primary) {

    DatabaseProperties {
        if (reportConnections < 1) {
            throw new IllegalArgumentException(
                    "outrider.database.report-connections must be 1 or more, not " + reportConnections);
        }
        if (maxWait.isNegative() || maxWait.compareTo(Duration.ofSeconds(5)) > 0) {
            throw new IllegalArgumentException("outrider.database.max-wait must be 0s to 5s, not " + maxWait);
        }
    }

    /// How near to the primary this replica must be to be ready.
    ///
    /// @param interval how often the round trip is measured
    /// @param samples how many of the last measurements count; the shortest of them is the distance
    /// @param farFrom the replica is not ready when its distance reaches this
    /// @param nearBelow a replica that was not ready is so again when its distance falls below this
    record Primary(
            @DefaultValue("1s") Duration interval,
            @DefaultValue("5") int samples,
            @DefaultValue("20ms") Duration farFrom,
            @DefaultValue("15ms") Duration nearBelow) {

        Primary {
            if (!interval.isPositive() || samples < 1) {
                throw new IllegalArgumentException(
                        "outrider.database.primary: interval must be more than zero and samples 1 or more");
            }
            if (!nearBelow.isPositive() || farFrom.compareTo(nearBelow) < 0) {
                throw new IllegalArgumentException(
                        "outrider.database.primary: 0 < near-below <= far-from, not %s and %s"
                                .formatted(nearBelow, farFrom));
            }
        }
    }
}
