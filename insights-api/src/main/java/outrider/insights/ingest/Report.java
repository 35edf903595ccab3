package outrider.insights.ingest;

import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import outrider.insight.InsightHash;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.FoundInsight;
import outrider.scan.KnownInsight;
import outrider.scan.ReportHeader;
import outrider.scan.Wire;

/// One complete report whose lines agree with each other and with the catalogue.
record Report(ReportHeader header, List<CheckResult> results, List<Row> insights) implements Incoming {

    Report {
        results = List.copyOf(results);
        insights = List.copyOf(insights);
    }

    /// An insight with its hashes; without its body if it is open and says what it said.
    record Row(UUID key, UUID content, @Nullable FoundInsight insight) {

        static Row of(KnownInsight insight) {
            return new Row(insight.key(), insight.hash(), null);
        }

        static Row of(FoundInsight insight) {
            return new Row(InsightHash.key(insight), InsightHash.content(insight), insight);
        }
    }

    /// The unit that is fenced: at most one report of each may be in one call of the database.
    record Scope(UUID accountId, UUID assetId, String checker) {}

    Scope scope() {
        return new Scope(header.accountId(), header.assetId(), header.checker());
    }

    /// Its results and insights.
    int rows() {
        return results.size() + insights.size();
    }

    ReportSums sums() {
        var set = new InsightSet();
        insights.forEach(row -> set.add(row.key(), row.content()));
        var coverage = new Coverage();
        results.forEach(coverage::add);
        return new ReportSums(header, insights.size(), set.digest(), coverage.json(), verdicts());
    }

    private String verdicts() {
        var verdicts = new HashMap<String, Boolean>();
        for (var result : results) {
            if (result.state() != CheckState.ERROR) {
                verdicts.put(
                        result.check().value() + " " + result.subject(), result.state() != CheckState.NOT_APPLICABLE);
            }
            if (header.part() != null) {
                verdicts.put(" " + result.subject(), true);
            }
        }
        return Wire.JSON.writeValueAsString(verdicts);
    }
}
