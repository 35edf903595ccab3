package outrider.checker.report;

import java.io.IOException;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.FoundInsight;
import outrider.scan.KnownInsight;
import outrider.scan.ReportEnd;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;

/// A report while its scan runs. Takes results and insights in any order, and keeps them apart, since a
/// report has all its results first. Not for several threads.
public final class OpenReport implements AutoCloseable {

    private final Spool spool;
    private final Section results = new Section();
    private final Section insights = new Section();
    private long untold;
    private boolean spilled;

    OpenReport(Spool spool) {
        this.spool = spool;
    }

    /// Adds a result or an insight.
    ///
    /// @throws IOException when there is no room for it
    public void add(ReportLine line) throws IOException {
        switch (line) {
            case CheckResult result -> {
                results.add(result);
                untold += result.state() == CheckState.ERROR ? 1 : 0;
            }
            case FoundInsight insight -> insights.add(insight);
            case KnownInsight insight -> insights.add(insight);
            case ReportHeader _, ReportEnd _ ->
                throw new IllegalArgumentException("Beginning and end are written when the report is finished");
        }
        if (!spilled && inMemory() > spool.threshold().toBytes()) {
            spilled = true;
            results.spill(spool);
            insights.spill(spool);
        }
    }

    /// How many results there are so far.
    public long results() {
        return results.lines();
    }

    /// How many of them are ERROR.
    public long untold() {
        return untold;
    }

    /// The report with its first and its last line.
    ///
    /// @throws IOException when there is no room for the rest of it
    public FinishedReport finish(ReportHeader header) throws IOException {
        var end = new ReportEnd(results.lines(), insights.lines());
        if (!spilled) {
            return FinishedReport.Small.of(header, results.bytes(), insights.bytes(), end);
        }
        results.end();
        insights.end();
        return FinishedReport.Large.of(header, results.hand(), insights.hand(), end);
    }

    long inMemory() {
        return (long) results.inMemory() + insights.inMemory();
    }

    /// Gives back what an unfinished report holds.
    @Override
    public void close() {
        results.close();
        insights.close();
    }
}
