package outrider.checker.report;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import outrider.scan.ReportOutcome;

/// What came back for one request with reports.
sealed interface ReportAnswer {

    /// The API has dealt with each report, in the order they were sent.
    record Outcomes(List<ReportOutcome> items) implements ReportAnswer {}

    /// The request as such is refused, and will be refused again.
    record Refused(String why) implements ReportAnswer {}

    /// The API, the token or the way there is in trouble: the same request may be accepted later.
    ///
    /// @param retryAfter what the API asked for; null when it did not
    /// @param perhapsContent whether a report of the request may be the cause; it is not when nothing of it was
    /// read
    record Trouble(String why, @Nullable Duration retryAfter, boolean perhapsContent) implements ReportAnswer {}
}
