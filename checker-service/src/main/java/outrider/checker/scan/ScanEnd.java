package outrider.checker.scan;

import java.time.Duration;
import outrider.checker.report.FinishedReport;
import outrider.scan.ReportHeader;
import outrider.scan.ScanJob;

/// How a scan ended, before anybody else knows.
sealed interface ScanEnd {

    ScanJob scan();

    /// Its checks have results, be it ERROR.
    ///
    /// @param millis how long the checker ran
    /// @param untold how many of the results are ERROR
    record Scanned(ScanJob scan, FinishedReport report, long millis, long untold) implements ScanEnd {

        static Scanned of(ScanJob scan, ReportHeader header, FinishedReport report, long untold) {
            return new Scanned(
                    scan,
                    report,
                    Duration.between(header.startedAt(), header.finishedAt()).toMillis(),
                    untold);
        }
    }

    /// It was too old to run.
    record Expired(ScanJob scan) implements ScanEnd {}
}
