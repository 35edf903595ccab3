package outrider.checker.scan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import outrider.checker.report.FinishedReport;
import outrider.scan.ReportHeader;
import outrider.scan.ScanJob;

/// How a scan ended, before anybody else knows.
sealed interface ScanEnd {

    ScanJob scan();

    /// Its checks have results, be it ERROR.
    ///
    /// @param millis how long the checker ran
    /// @param results how many results it has
    /// @param untold how many of them are ERROR
    record Scanned(ScanJob scan, FinishedReport report, long millis, long results, long untold) implements ScanEnd {

        static Scanned of(ScanJob scan, ReportHeader header, FinishedReport report, long results, long untold) {
            return new Scanned(
                    scan,
                    report,
                    Duration.between(header.startedAt(), header.finishedAt()).toMillis(),
                    results,
                    untold);
        }

        /// Whether no check could tell anything: how long it took says nothing about the asset then.
        boolean toldNothing() {
            return results > 0 && untold == results;
        }
    }

    /// It was not run, and its scope is due again: it was too old, or it asks for a checker that this release
    /// does not know.
    ///
    /// @param why null: it was too old
    record Expired(ScanJob scan, @Nullable String why) implements ScanEnd {}
}
