package outrider.insights.ingest;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import outrider.scan.CheckResult;
import outrider.scan.ReportHeader;

/// The rows of a report while they come: in memory, and from a certain size on in a slot of the database.
final class ReportRows {

    private final InsightSet set = new InsightSet();
    private final Coverage coverage = new Coverage();
    private final List<CheckResult> results = new ArrayList<>();
    private final List<Report.Row> insights = new ArrayList<>();
    private final ReportHeader header;
    private @Nullable Stage stage;
    private int resultCount;

    ReportRows(ReportHeader header) {
        this.header = header;
    }

    int results() {
        return resultCount;
    }

    int insights() {
        return set.size();
    }

    boolean isStaged() {
        return stage != null;
    }

    /// Moves what is there to the slot, where the rest follows.
    void moveTo(Stage slot) {
        stage = slot;
        results.forEach(coverage::add);
        results.forEach(this::stage);
        insights.forEach(slot::add);
        results.clear();
        insights.clear();
    }

    void add(CheckResult result) {
        resultCount++;
        if (stage != null) {
            coverage.add(result);
            stage(result);
        } else {
            results.add(result);
        }
    }

    private void stage(CheckResult result) {
        requireNonNull(stage).add(result, header.part() != null);
    }

    /// Whether there was no insight with that key.
    boolean add(Report.Row row) {
        if (!set.add(row.key(), row.content())) {
            return false;
        }
        if (stage != null) {
            stage.add(row);
        } else {
            insights.add(row);
        }
        return true;
    }

    /// The whole report.
    Incoming end() {
        if (stage == null) {
            return new Report(header, results, insights);
        }
        stage.end();
        var sums = new ReportSums(header, set.size(), set.digest(), coverage.json(), "{}");
        return new LargeReport(sums, resultCount + set.size(), stage);
    }

    /// Gives up: the report is refused or broke off.
    void drop() {
        if (stage != null) {
            stage.close();
        }
        results.clear();
        insights.clear();
    }
}
