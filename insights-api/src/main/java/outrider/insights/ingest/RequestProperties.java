package outrider.insights.ingest;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import outrider.scan.Wire;
import outrider.web.ProblemException;

/// How long one request with reports may take.
///
/// @param defaultBudget the time of a request that does not say how long it waits
/// @param maxBudget the most time a request may ask for
/// @param minRate how much of a body must come a second, on average, once the grace is over
/// @param grace how long a body may come at any pace
@ConfigurationProperties("outrider.ingest.request")
record RequestProperties(
        @DefaultValue("30s") Duration defaultBudget,
        @DefaultValue("15m") Duration maxBudget,
        @DefaultValue("16KB") DataSize minRate,
        @DefaultValue("10s") Duration grace) {

    RequestProperties {
        if (!defaultBudget.isPositive() || maxBudget.compareTo(defaultBudget) < 0) {
            throw new IllegalArgumentException(
                    "outrider.ingest.request: 0 < default-budget <= max-budget, not %s and %s"
                            .formatted(defaultBudget, maxBudget));
        }
        if (minRate.toBytes() < 1 || grace.isNegative()) {
            throw new IllegalArgumentException(
                    "outrider.ingest.request: min-rate must be 1B or more and grace not negative");
        }
    }

    /// What the header `budget` allows; it may be used up.
    Duration budget(@Nullable String header) {
        if (header == null) {
            return defaultBudget;
        }
        try {
            var asked = Duration.parse(header.strip());
            return asked.compareTo(maxBudget) < 0 ? asked : maxBudget;
        } catch (DateTimeParseException e) {
            throw ProblemException.malformed(Wire.BUDGET, "must be an ISO 8601 duration such as PT30S");
        }
    }
}
