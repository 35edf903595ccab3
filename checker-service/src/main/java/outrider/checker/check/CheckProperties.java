package outrider.checker.check;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long and how widely one scan may look.
///
/// @param lookTimeout the most that looking at one subject may take; past it that subject alone ends in ERROR
/// @param parallelLooks how many subjects of one asset are looked at together
@ConfigurationProperties("outrider.checks")
public record CheckProperties(
        @DefaultValue("20s") Duration lookTimeout,
        @DefaultValue("4") int parallelLooks) {

    public CheckProperties {
        if (!lookTimeout.isPositive()) {
            throw new IllegalArgumentException("outrider.checks.look-timeout must be more than zero");
        }
        if (parallelLooks < 1) {
            throw new IllegalArgumentException("outrider.checks.parallel-looks must be 1 or more");
        }
    }
}
