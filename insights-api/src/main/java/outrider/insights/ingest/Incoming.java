package outrider.insights.ingest;

import outrider.scan.ReportHeader;

/// One report of a request, read to its end: either fit to be written, or refused.
sealed interface Incoming permits Report, Incoming.Refused {

    ReportHeader header();

    /// A report that is wrong and will stay wrong.
    ///
    /// @param place the line, and the field where there is one: `line 3, severity`
    record Refused(ReportHeader header, String place, String reason) implements Incoming {

        String why() {
            return place + ": " + reason;
        }
    }
}
