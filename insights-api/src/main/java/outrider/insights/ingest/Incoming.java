package outrider.insights.ingest;

import java.util.UUID;

/// One report of a request, read to its end: either fit to be written, or refused.
sealed interface Incoming permits Report, Incoming.Refused {

    /// A report that is wrong and will stay wrong.
    ///
    /// @param place the line, and the field where there is one: `line 3, severity`
    record Refused(UUID scanId, String place, String reason) implements Incoming {

        String why() {
            return place + ": " + reason;
        }
    }
}
