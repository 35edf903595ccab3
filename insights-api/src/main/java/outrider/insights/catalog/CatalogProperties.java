package outrider.insights.catalog;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// When a check counts as gone or disabled.
///
/// @param livingFor how long a catalogue of checks counts after a checker last published it
/// @param grace how long what the checkers have must be unchanged before the insights of other checks are closed
@ConfigurationProperties("outrider.catalog")
record CatalogProperties(
        @DefaultValue("1h") Duration livingFor,
        @DefaultValue("1h") Duration grace) {

    CatalogProperties {
        if (livingFor.compareTo(Duration.ofMinutes(1)) < 0 || livingFor.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException("outrider.catalog.living-for must be 1m to 7d, not " + livingFor);
        }
        if (grace.isNegative() || grace.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException("outrider.catalog.grace must be 0s to 7d, not " + grace);
        }
    }
}
