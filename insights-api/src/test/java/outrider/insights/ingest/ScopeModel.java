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
import outrider.scan.Part;
import outrider.scan.ReportHeader;
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
    private final List<Look> looks = new ArrayList<>();

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

    /// What a report on a part has come to; one on the whole ends them.
    private record Look(Part part, long sequence, UUID scan, Counts counts) {

        boolean meets(Part other) {
            if (other == null) {
                return true;
            }
            if (part.subjects() != null) {
                return part.subjects().stream().anyMatch(other::contains);
            }
            return other.subjects() != null
                    ? other.subjects().stream().anyMatch(part::contains)
                    : part.first() < other.end() && other.first() < part.end();
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

    /// As [#insights], without when each was last seen, which is told of a whole scope alone.
    Map<String, String> states() {
        var states = new TreeMap<String, String>();
        insights().forEach((name, insight) -> states.put(name, insight.replaceAll(", seen at [^,]+,", ",")));
        return states;
    }

    long lastSequence() {
        return lastSequence;
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
        var part = header.part();
        var same = looks.stream().filter(look -> look.part().equals(part)).findAny();
        if (same.isPresent()
                && same.get().sequence() == header.sequence()
                && same.get().scan().equals(header.scanId())) {
            return new ReportOutcome(header.scanId(), Kind.REPLAYED, same.get().counts(), null);
        }
        if (part == null
                && born
                && header.sequence() == lastSequence
                && header.scanId().equals(lastScan)) {
            return new ReportOutcome(header.scanId(), Kind.REPLAYED, lastCounts, null);
        }
        if (!born && (told == null || !told.deleted())) {
            born = true;
            fence = told == null ? 0 : told.revision();
        }
        var revision = header.assetRevision();
        var before = Math.max(
                lastSequence,
                looks.stream()
                        .filter(look -> look.meets(part))
                        .mapToLong(Look::sequence)
                        .max()
                        .orElse(0));
        if (!born || removed || header.sequence() <= before || revision != null && revision < fence) {
            return new ReportOutcome(header.scanId(), Kind.SUPERSEDED, Counts.NONE, null);
        }
        if (revision != null) {
            fence = revision;
            looked = revision;
        }
        var counts = write(report, before);
        if (part == null) {
            looks.clear();
            end(header, counts);
        } else {
            same.ifPresent(looks::remove);
            looks.add(new Look(part, header.sequence(), header.scanId(), counts));
            endIfComplete(header);
        }
        var nothing = new Counts(0, 0, 0, 0, counts.unchanged());
        var kind = counts.equals(nothing) ? Kind.UNCHANGED : Kind.APPLIED;
        return new ReportOutcome(header.scanId(), kind, counts, null);
    }

    private void endIfComplete(ReportHeader header) {
        var covered = looks.stream()
                .filter(look ->
                        look.scan().equals(header.scanId()) && look.part().subjects() == null)
                .mapToLong(look -> look.part().end() - look.part().first())
                .sum();
        if (covered == Part.PLACES) {
            looks.removeIf(look -> look.sequence() < header.sequence());
            end(header, Counts.NONE);
        }
    }

    private void end(ReportHeader header, Counts counts) {
        lastSequence = header.sequence();
        lastScan = header.scanId();
        lastCounts = counts;
    }

    private Counts write(Report report, long before) {
        var part = report.header().part();
        var sequence = report.header().sequence();
        var at = report.header().finishedAt();
        var tally = new HashMap<String, Integer>();
        var said = new TreeMap<String, FoundInsight>();
        report.insights().forEach(row -> said.put(name(row.insight()), row.insight()));
        said.forEach((name, insight) -> tally.merge(see(name, insight, sequence, at), 1, Integer::sum));
        var closes = new TreeMap<String, String>();
        insights.forEach((name, insight) -> {
            var looked = part == null || part.contains(insight.said.subject());
            if (!said.containsKey(name) && insight.isLive() && looked) {
                if (part != null && part.subjects() == null && !mentions(report, insight.said.subject())) {
                    resolve(name, insight, "removed", sequence, at);
                    tally.merge("resolved", 1, Integer::sum);
                } else {
                    miss(insight, stateOf(report, insight.said), sequence, before, at)
                            .ifPresent(how -> closes.put(name, how));
                }
            }
        });
        // what was there before and is there still, by the inventory
        var live = insights.entrySet().stream()
                        .filter(entry -> entry.getValue().isLive() && !said.containsKey(entry.getKey()))
                        .filter(entry -> part == null
                                || part.contains(entry.getValue().said.subject()))
                        .count()
                + said.size()
                - tally.getOrDefault("opened", 0)
                - tally.getOrDefault("reopened", 0);
        var doubtful = closes.size() > withhold.above() && closes.size() > withhold.share() * live;
        var doubts = new HashMap<String, Doubt>();
        closes.forEach((name, how) -> {
            var doubt = withheld.get(name);
            var since = doubt != null && doubt.sequence() == before ? doubt.since() : at;
            if (doubtful && since.isAfter(at.minus(agreeAfter))) {
                doubts.put(name, new Doubt(sequence, since));
            } else {
                resolve(name, insights.get(name), how, sequence, at);
                tally.merge("resolved", 1, Integer::sum);
            }
        });
        withheld.keySet()
                .removeIf(name ->
                        part == null || part.contains(insights.get(name).said.subject()));
        withheld.putAll(doubts);
        return counts(tally);
    }

    private static boolean mentions(Report report, String subject) {
        return report.results().stream().anyMatch(result -> result.subject().equals(subject));
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

    private Optional<String> miss(Insight insight, CheckState result, long sequence, long before, Instant at) {
        if (result == CheckState.PASS || result == CheckState.FAIL) {
            return Optional.of("fixed");
        }
        if (result != CheckState.NOT_APPLICABLE) {
            return Optional.empty();
        }
        var again = insight.notApplicableIn == before;
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
