package outrider.insights.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import outrider.insight.CheckId;
import outrider.insight.Confidence;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.FoundInsight;
import outrider.scan.ReportOutcome;
import outrider.scan.ReportOutcome.Counts;
import outrider.scan.ReportOutcome.Kind;

/// What a scope must look like after any reports, written down as plainly as possible: no hashes, no sets, no SQL.
final class ScopeModel {

    private final Map<String, Insight> insights = new TreeMap<>();
    private long lastSequence;
    private UUID lastScan;
    private Counts lastCounts = Counts.NONE;

    /// One insight, found by its name `<check> <subject> <detail>`.
    static final class Insight {
        String state;
        FoundInsight said;
        long lastSeen;
        long notApplicableIn;
        final List<String> history = new ArrayList<>();

        @Override
        public String toString() {
            return "%s, seen in %d, severity %s, evidence %s, history %s"
                    .formatted(state, lastSeen, said.severity(), said.evidence(), history);
        }
    }

    Map<String, String> insights() {
        var shown = new TreeMap<String, String>();
        insights.forEach((name, insight) -> shown.put(name, insight.toString()));
        return shown;
    }

    ReportOutcome apply(Report report) {
        var header = report.header();
        if (header.sequence() == lastSequence && header.scanId().equals(lastScan)) {
            return new ReportOutcome(header.scanId(), Kind.REPLAYED, lastCounts, null);
        }
        if (header.sequence() <= lastSequence) {
            return new ReportOutcome(header.scanId(), Kind.SUPERSEDED, Counts.NONE, null);
        }
        var tally = new HashMap<String, Integer>();
        var said = new TreeMap<String, FoundInsight>();
        report.insights().forEach(row -> said.put(name(row.insight()), row.insight()));
        said.forEach((name, insight) -> tally.merge(see(name, insight, header.sequence()), 1, Integer::sum));
        insights.forEach((name, insight) -> {
            if (!said.containsKey(name)) {
                tally.merge(miss(insight, stateOf(report, insight.said), header.sequence()), 1, Integer::sum);
            }
        });
        lastSequence = header.sequence();
        lastScan = header.scanId();
        lastCounts = counts(tally);
        var nothing = new Counts(0, 0, 0, 0, lastCounts.unchanged());
        var kind = lastCounts.equals(nothing) ? Kind.UNCHANGED : Kind.APPLIED;
        return new ReportOutcome(header.scanId(), kind, lastCounts, null);
    }

    private String see(String name, FoundInsight found, long sequence) {
        var insight = insights.computeIfAbsent(name, n -> new Insight());
        var before = insight.said;
        insight.said = found;
        insight.lastSeen = sequence;
        if (before == null) {
            insight.state = firstState(found);
            return "opened";
        }
        if (insight.state.startsWith("resolved")) {
            insight.state = firstState(found);
            insight.history.add(sequence + " reopened");
            return "reopened";
        }
        if (insight.state.equals("suspected")) {
            insight.state = "open";
            insight.history.add(sequence + " confirmed");
            return "changed";
        }
        if (!before.equals(found)) {
            insight.history.add(sequence + " changed");
            return "changed";
        }
        return "unchanged";
    }

    private String miss(Insight insight, CheckState result, long sequence) {
        if (insight.state.startsWith("resolved")) {
            return "";
        }
        if (result == CheckState.PASS || result == CheckState.FAIL) {
            return resolve(insight, "fixed", sequence);
        }
        if (result == CheckState.NOT_APPLICABLE) {
            if (insight.notApplicableIn == lastSequence) {
                return resolve(insight, "no_longer_applicable", sequence);
            }
            insight.notApplicableIn = sequence;
        }
        return "";
    }

    private static String resolve(Insight insight, String how, long sequence) {
        insight.state = "resolved " + how;
        insight.history.add(sequence + " resolved " + how);
        return "resolved";
    }

    private static String firstState(FoundInsight found) {
        return found.confidence() == Confidence.FIRM ? "open" : "suspected";
    }

    private static CheckState stateOf(Report report, FoundInsight insight) {
        return report.results().stream()
                .filter(r -> r.check().equals(insight.check()) && r.subject().equals(insight.subject()))
                .map(CheckResult::state)
                .findFirst()
                .orElse(CheckState.ERROR);
    }

    private static Counts counts(Map<String, Integer> tally) {
        return new Counts(
                tally.getOrDefault("opened", 0),
                tally.getOrDefault("changed", 0),
                tally.getOrDefault("reopened", 0),
                tally.getOrDefault("resolved", 0),
                tally.getOrDefault("unchanged", 0));
    }

    static String name(FoundInsight insight) {
        CheckId check = insight.check();
        return "%s %s %s".formatted(check, insight.subject(), insight.detail());
    }
}
