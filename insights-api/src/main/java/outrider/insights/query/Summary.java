package outrider.insights.query;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import outrider.insight.Severity;

/// How many insights there are, and of how much we no longer know.
///
/// @param byState all of them
/// @param bySeverity those that are open or suspected
/// @param byCheck those that are open or suspected, for the checks that have any
/// @param stale of how many (asset, check) the coverage is stale
record Summary(Map<InsightState, Long> byState, Map<Severity, Long> bySeverity, Map<String, Long> byCheck, long stale) {

    /// So many insights of one kind.
    record Count(InsightState state, Severity severity, String check, long insights) {}

    static Summary of(List<Count> counts, long stale) {
        var byState = new EnumMap<InsightState, Long>(InsightState.class);
        var bySeverity = new EnumMap<Severity, Long>(Severity.class);
        var byCheck = new TreeMap<String, Long>();
        List.of(InsightState.values()).forEach(state -> byState.put(state, 0L));
        List.of(Severity.values()).forEach(severity -> bySeverity.put(severity, 0L));
        for (var count : counts) {
            byState.merge(count.state(), count.insights(), Long::sum);
            if (count.state() != InsightState.RESOLVED) {
                bySeverity.merge(count.severity(), count.insights(), Long::sum);
                byCheck.merge(count.check(), count.insights(), Long::sum);
            }
        }
        return new Summary(byState, bySeverity, byCheck, stale);
    }
}
