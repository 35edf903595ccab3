package outrider.insights.history;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long the history of insights is kept.
///
/// @param retain how old an event becomes at least; it goes with the last one of its month
/// @param monthsAhead how many months after this one have their partition already
/// @param interval how often partitions are made and dropped
@ConfigurationProperties("outrider.history")
record HistoryProperties(
        @DefaultValue("P400D") Duration retain,
        @DefaultValue("2") int monthsAhead,
        @DefaultValue("10m") Duration interval) {

    HistoryProperties {
        if (retain.compareTo(Duration.ofDays(1)) < 0 || retain.compareTo(Duration.ofDays(36_500)) > 0) {
            throw new IllegalArgumentException("outrider.history.retain must be 1 to 36500 days, not " + retain);
        }
        if (monthsAhead < 1 || monthsAhead > 24) {
            throw new IllegalArgumentException("outrider.history.months-ahead must be 1 to 24, not " + monthsAhead);
        }
        if (!interval.isPositive() || interval.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "outrider.history.interval must be more than 0s and at most 1d, not " + interval);
        }
    }
}
