package outrider.checker.check;

import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import outrider.insight.CheckId;

/// How long and how widely one scan may look, and what it does not judge.
///
/// @param lookTimeout the most that looking at one subject may take; past it that subject alone ends in ERROR
/// @param parallelLooks how many subjects of one asset are looked at together
/// @param disabled the checks that are not run; their insights are closed
/// @param publishEvery how often this replica tells the insights API which checks it has
@ConfigurationProperties("outrider.checks")
public record CheckProperties(
        @DefaultValue("20s") Duration lookTimeout,
        @DefaultValue("4") int parallelLooks,
        @DefaultValue Set<CheckId> disabled,
        @DefaultValue("5m") Duration publishEvery) {

    /// A catalogue counts for an hour: one that is late or lost must not make it lapse.
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(20);

    public CheckProperties {
        if (!lookTimeout.isPositive()) {
            throw new IllegalArgumentException("outrider.checks.look-timeout must be more than zero");
        }
        if (parallelLooks < 1) {
            throw new IllegalArgumentException("outrider.checks.parallel-looks must be 1 or more");
        }
        if (!publishEvery.isPositive() || publishEvery.compareTo(LONGEST_SILENCE) > 0) {
            throw new IllegalArgumentException(
                    "outrider.checks.publish-every must be more than 0s and at most 20m, not " + publishEvery);
        }
        disabled = Set.copyOf(disabled);
    }
}
