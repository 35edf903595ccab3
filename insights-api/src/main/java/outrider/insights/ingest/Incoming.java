package outrider.insights.ingest;

import outrider.scan.ReportHeader;
import outrider.scan.ReportOutcome;

/// One report of a request, read to its end: either fit to be written, or refused.
sealed interface Incoming permits Report, LargeReport, Incoming.Refused {

    ReportHeader header();

    /// Gives back what the report holds besides memory.
    default void release() {}

    /// A report that is wrong and will stay wrong.
    ///
    /// @param place the line, and the field where there is one: `line 3, severity`
    record Refused(ReportHeader header, String place, String reason) implements Incoming {

        private String why() {
            return place + ": " + reason;
        }

        ReportOutcome outcome() {
            return new ReportOutcome(header.scanId(), ReportOutcome.Kind.REJECTED, ReportOutcome.Counts.NONE, why());
        }
    }
}
