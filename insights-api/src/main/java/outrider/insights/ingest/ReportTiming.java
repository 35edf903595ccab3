package outrider.insights.ingest;

import java.time.Duration;
import java.util.Locale;
import outrider.insights.database.DatabaseUse;

/// Where the time of one request with reports went, as its `Server-Timing` header (W3C Server Timing) tells it.
final class ReportTiming {

    static final String HEADER = "Server-Timing";

    private final long started = System.nanoTime();
    private final DatabaseUse use;
    private long parsed;

    ReportTiming(Duration maxBudget) {
        this.use = new DatabaseUse(maxBudget);
    }

    DatabaseUse use() {
        return use;
    }

    /// Notes that the body was received and read to its end; without it, that it was not.
    void endOfParsing() {
        parsed = System.nanoTime();
    }

    /// `dur` is in milliseconds. A count has no duration, so that of the round trips is their description.
    String header() {
        var parsing = Duration.ofNanos((parsed == 0 ? System.nanoTime() : parsed) - started);
        return "parse;dur=%s, wait;dur=%s, db;dur=%s, round-trips;desc=\"%d\""
                .formatted(millis(parsing), millis(use.waited()), millis(use.blocked()), use.roundTrips());
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e6);
    }
}
