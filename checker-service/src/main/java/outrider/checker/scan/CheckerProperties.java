package outrider.checker.scan;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import outrider.scan.Lane;

/// What this process takes part in.
///
/// @param lanes the lanes it runs
@ConfigurationProperties("outrider.checker")
record CheckerProperties(Set<Lane> lanes) {

    CheckerProperties {
        if (lanes.isEmpty()) {
            throw new IllegalArgumentException("outrider.checker.lanes must name a lane: fast, slow, interactive");
        }
        lanes = Set.copyOf(lanes);
    }
}
