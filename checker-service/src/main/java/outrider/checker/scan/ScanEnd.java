package outrider.checker.scan;

import outrider.checker.report.FinishedReport;
import outrider.scan.ScanJob;

/// How a scan ended, before anybody else knows.
sealed interface ScanEnd {

    ScanJob scan();

    /// Its checks have results, be it ERROR.
    ///
    /// @param millis how long the checker ran
    /// @param untold how many of the results are ERROR
    record Scanned(ScanJob scan, FinishedReport report, long millis, long untold) implements ScanEnd {}

    /// It was too old to run.
    record Expired(ScanJob scan) implements ScanEnd {}
}
