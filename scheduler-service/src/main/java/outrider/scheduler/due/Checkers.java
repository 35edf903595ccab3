package outrider.scheduler.due;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import outrider.scan.Lane;

/// The checkers this release knows, and the lane class of each.
public final class Checkers {

    private final Map<String, Lane> lanes;

    public Checkers(Map<String, Lane> lanes) {
        if (lanes.isEmpty()) {
            throw new IllegalArgumentException("The catalogue of checks is empty: there would be nothing to scan with");
        }
        this.lanes = Collections.unmodifiableMap(new TreeMap<>(lanes));
    }

    public Set<String> names() {
        return lanes.keySet();
    }

    /// The lane class of a checker: fast or slow. Slow for one that this release does not know: that spares the fast
    /// lane, and harms nobody.
    public Lane laneOf(String checker) {
        return lanes.getOrDefault(checker, Lane.SLOW);
    }
}
