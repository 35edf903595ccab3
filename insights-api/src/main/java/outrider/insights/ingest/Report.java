package outrider.insights.ingest;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import outrider.insight.InsightHash;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.FoundInsight;
import outrider.scan.ReportHeader;
import outrider.scan.Wire;

/// One complete report whose lines agree with each other and with the catalogue.
record Report(ReportHeader header, List<CheckResult> results, List<Row> insights) implements Incoming {

    Report {
        results = List.copyOf(results);
        insights = List.copyOf(insights);
    }

    /// An insight with its hashes.
    record Row(UUID key, UUID content, FoundInsight insight) {

        static Row of(FoundInsight insight) {
            return new Row(InsightHash.key(insight), InsightHash.content(insight), insight);
        }
    }

    /// The unit that is fenced: at most one report of each may be in one call of the database.
    record Scope(UUID accountId, UUID assetId, String checker) {}

    Scope scope() {
        return new Scope(header.accountId(), header.assetId(), header.checker());
    }

    /// Equal for two reports of a scope exactly if they hold the same insights with the same content.
    UUID digest() {
        var sha256 = sha256();
        var row = ByteBuffer.allocate(4 * Long.BYTES);
        insights.stream().sorted(Comparator.comparing(Row::key)).forEach(insight -> {
            row.clear()
                    .putLong(insight.key().getMostSignificantBits())
                    .putLong(insight.key().getLeastSignificantBits())
                    .putLong(insight.content().getMostSignificantBits())
                    .putLong(insight.content().getLeastSignificantBits());
            sha256.update(row.flip());
        });
        var hash = ByteBuffer.wrap(sha256.digest());
        return new UUID(hash.getLong(), hash.getLong());
    }

    /// What the scope's coverage takes from this report: per check, how many results by state, and why not.
    String coverage() {
        var byCheck = results.stream()
                .collect(Collectors.groupingBy(
                        result -> result.check().value(),
                        Collectors.collectingAndThen(Collectors.toList(), CoverageEntry::of)));
        return Wire.JSON.writeValueAsString(byCheck);
    }

    /// Where this report looked: `<check> <subject>` is true for PASS and FAIL, false for NOT_APPLICABLE.
    String verdicts() {
        var verdicts = new HashMap<String, Boolean>();
        for (var result : results) {
            if (result.state() != CheckState.ERROR) {
                verdicts.put(
                        result.check().value() + " " + result.subject(), result.state() != CheckState.NOT_APPLICABLE);
            }
        }
        return Wire.JSON.writeValueAsString(verdicts);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
