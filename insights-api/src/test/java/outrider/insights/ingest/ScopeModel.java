package outrider.insights.ingest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import outrider.insight.Confidence;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.FoundInsight;
import outrider.scan.InventoryRecord;
import outrider.scan.ReportOutcome;
import outrider.scan.ReportOutcome.Counts;
import outrider.scan.ReportOutcome.Kind;

/// What a scope must look like after any reports and any news of its asset, written down as plainly as possible: no
/// hashes, no sets of rows, no SQL.
final class ScopeModel {

    private final Duration agreeAfter;
    private final IngestProperties.Withhold withhold;

    private final Map<String, Insight> insights = new TreeMap<>();
    private final Map<String, List<String>> histories = new HashMap<>();
    private final Map<String, Doubt> withheld = new HashMap<>();
    private InventoryRecord.Asset told;
    private boolean born;
    private boolean removed;
    private long fence;
    private long looked;
    private long lastSequence;
    private UUID lastScan;
    private Counts lastCounts = Counts.NONE;

    ScopeModel(IngestProperties properties) {
        this.agreeAfter = properties.agreeAfter();
        this.withhold = properties.withhold();
    }

    /// One insight, found by its name `<check> <subject> <detail>`.
    private static final class Insight {
        String state;
        FoundInsight said;
        Instant lastSeen;
        long lastSaid;
        Instant resolvedAt;
        long notApplicableIn;
        Instant notApplicableSince;

        boolean isLive() {
            return !state.startsWith("resolved");
        }
    }

    /// A close that the last report wanted and did not get.
    private record Doubt(long sequence, Instant since) {}

    Map<String, String> insights() {
        var shown = new TreeMap<String, String>();
        insights.forEach((name, insight) -> shown.put(
                name,
                "%s, seen at %s, severity %s, evidence %s, history %s"
                        .formatted(
                                insight.state,
                                insight.lastSeen,
                                insight.said.severity(),
                                insight.said.evidence(),
                                histories.getOrDefault(name, List.of()))));
        return shown;
    }

    Set<String> withheld() {
        return new HashSet<>(withheld.keySet());
    }

    /// News of the asset. An older record than the last says nothing.
    void tell(InventoryRecord.Asset asset) {
        var before = told;
        if (before != null && (asset.equals(before) || asset.revision() < before.revision())) {
            return;
        }
        told = asset;
        if (!born) {
            return;
        }
        fence = Math.max(fence, asset.revision());
        removed = asset.deleted();
        insights.forEach((name, insight) -> {
            var knewOfIt = looked >= asset.revision() && insight.lastSaid == lastSequence;
            if (insight.isLive() && (asset.deleted() || isGone(insight.said.subject(), before) && !knewOfIt)) {
                resolve(name, insight, "removed", lastSequence, Instant.MAX);
            }
        });
        if (removed) {
            withheld.clear();
        }
    }

    private boolean isGone(String subject, InventoryRecord.Asset before) {
        if (before == null) {
            return false;
        }
        var renamed = !before.deleted() && !told.name().equals(before.name());
        return renamed
                ? !(names(before).contains(subject) && names(told).contains(subject))
                : names(before).contains(subject) && !names(told).contains(subject);
    }

    private static List<String> names(InventoryRecord.Asset asset) {
        return asset.deleted()
                ? List.of()
                : asset.endpoints().stream().map(Object::toString).toList();
    }

    /// Insights that were resolved before then have left; what is known of them stays.
    void forget(Instant before) {
        insights.values().removeIf(insight -> !insight.isLive() && insight.resolvedAt.isBefore(before));
    }

    ReportOutcome apply(Report report) {
        var header = report.header();
        if (born && header.sequence() == lastSequence && header.scanId().equals(lastScan)) {
            return new ReportOutcome(header.scanId(), Kind.REPLAYED, lastCounts, null);
        }
        if (!born && (told == null || !told.deleted())) {
            born = true;
            fence = told == null ? 0 : told.revision();
        }
        var revision = header.assetRevision();
        if (!born || removed || header.sequence() <= lastSequence || revision != null && revision < fence) {
            return new ReportOutcome(header.scanId(), Kind.SUPERSEDED, Counts.NONE, null);
        }
        if (revision != null) {
            fence = revision;
            looked = revision;
        }
        write(report);
        lastSequence = header.sequence();
        lastScan = header.scanId();
        var nothing = new Counts(0, 0, 0, 0, lastCounts.unchanged());
        var kind = lastCounts.equals(nothing) ? Kind.UNCHANGED : Kind.APPLIED;
        return new ReportOutcome(header.scanId(), kind, lastCounts, null);
    }

    private void write(Report report) {
        var sequence = report.header().sequence();
        var at = report.header().finishedAt();
        var tally = new HashMap<String, Integer>();
        var live = insights.values().stream().filter(Insight::isLive).count();
        var said = new TreeMap<String, FoundInsight>();
        report.insights().forEach(row -> said.put(name(row.insight()), row.insight()));
        said.forEach((name, insight) -> tally.merge(see(name, insight, sequence, at), 1, Integer::sum));
        var closes = new TreeMap<String, String>();
        insights.forEach((name, insight) -> {
            if (!said.containsKey(name) && insight.isLive()) {
                miss(insight, stateOf(report, insight.said), sequence, at).ifPresent(how -> closes.put(name, how));
            }
        });
        var doubtful = closes.size() > withhold.above() && closes.size() > withhold.share() * live;
        var doubts = new HashMap<String, Doubt>();
        closes.forEach((name, how) -> {
            var doubt = withheld.get(name);
            var since = doubt != null && doubt.sequence() == lastSequence ? doubt.since() : at;
            if (doubtful && since.isAfter(at.minus(agreeAfter))) {
                doubts.put(name, new Doubt(sequence, since));
            } else {
                resolve(name, insights.get(name), how, sequence, at);
                tally.merge("resolved", 1, Integer::sum);
            }
        });
        withheld.clear();
        withheld.putAll(doubts);
        lastCounts = counts(tally);
    }

    private String see(String name, FoundInsight found, long sequence, Instant at) {
        var insight = insights.computeIfAbsent(name, n -> new Insight());
        var before = insight.said;
        insight.said = found;
        insight.lastSeen = at;
        insight.lastSaid = sequence;
        if (before == null) {
            insight.state = firstState(found);
            return "opened";
        }
        if (!insight.isLive()) {
            insight.state = firstState(found);
            note(name, sequence + " reopened");
            return "reopened";
        }
        if (insight.state.equals("suspected")) {
            insight.state = "open";
            note(name, sequence + " confirmed");
            return "changed";
        }
        if (!before.equals(found)) {
            note(name, sequence + " changed");
            return "changed";
        }
        return "unchanged";
    }

    private Optional<String> miss(Insight insight, CheckState result, long sequence, Instant at) {
        if (result == CheckState.PASS || result == CheckState.FAIL) {
            return Optional.of("fixed");
        }
        if (result != CheckState.NOT_APPLICABLE) {
            return Optional.empty();
        }
        var again = insight.notApplicableIn == lastSequence;
        if (!again) {
            insight.notApplicableSince = at;
        }
        insight.notApplicableIn = sequence;
        return again && !insight.notApplicableSince.isAfter(at.minus(agreeAfter))
                ? Optional.of("no_longer_applicable")
                : Optional.empty();
    }

    private void resolve(String name, Insight insight, String how, long sequence, Instant at) {
        insight.state = "resolved " + how;
        insight.resolvedAt = at;
        note(name, sequence + " resolved " + how);
    }

    private void note(String name, String event) {
        histories.computeIfAbsent(name, n -> new ArrayList<>()).add(event);
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
        return "%s %s %s".formatted(insight.check(), insight.subject(), insight.detail());
    }
}
