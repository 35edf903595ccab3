package outrider.insights.query;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// When coverage is stale.
///
/// @param staleAfter coverage is stale after how many intervals of the account's plan without an answer
/// @param assumedInterval what counts as the interval while the scheduler has not told that of the plan
@ConfigurationProperties("outrider.coverage")
record CoverageProperties(
        @DefaultValue("3") int staleAfter,
        @DefaultValue("7d") Duration assumedInterval) {

    CoverageProperties {
        if (staleAfter < 1 || staleAfter > 1_000) {
            throw new IllegalArgumentException("outrider.coverage.stale-after must be 1 to 1000");
        }
        if (assumedInterval.toSeconds() < 1) {
            throw new IllegalArgumentException("outrider.coverage.assumed-interval must be a second or more");
        }
    }
}
