package outrider.checker.egress;

import java.time.Duration;
import java.util.List;

/// Settings for tests.
public final class Egress {

    private Egress() {}

    static EgressProperties properties() {
        return properties(List.of(), List.of());
    }

    static EgressProperties properties(List<IpRange> allow, List<IpRange> deny) {
        return new EgressProperties(
                allow, deny, null, null, Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(4));
    }
}
