package outrider.insights.database;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Answers the question: how is this replica's way to the primary?
@Component
public final class DatabaseFigures {

    private final PrimaryDistance distance;
    private final DatabaseMetrics metrics;

    DatabaseFigures(PrimaryDistance distance, DatabaseMetrics metrics) {
        this.distance = distance;
        this.metrics = metrics;
    }

    /// @param primary `near`, `far` or `lost`
    /// @param roundTripMs null while it is lost
    /// @param refused how many requests found no free connection since the start, by share
    public record Status(String primary, @Nullable Double roundTripMs, Map<String, Long> refused) {}

    public Status status() {
        var nanos = distance.nanos();
        return new Status(
                distance.state().name().toLowerCase(Locale.ROOT),
                Double.isNaN(nanos) ? null : nanos / 1e6,
                Map.of("reports", metrics.refusals("reports"), "others", metrics.refusals("others")));
    }
}
