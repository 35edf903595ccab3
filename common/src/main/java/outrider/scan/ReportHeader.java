package outrider.scan;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The first line of a report: which scan it is and when it looked.
///
/// @param sequence the job's; the API refuses a report whose scope has already seen a higher one
/// @param traceparent W3C trace context of the scan, for diagnosis only; a malformed one is ignored
public record ReportHeader(
        UUID scanId,
        long sequence,
        UUID accountId,
        UUID assetId,
        String checker,
        Instant startedAt,
        Instant finishedAt,
        @Nullable String traceparent)
        implements ReportLine {

    public ReportHeader {
        if (sequence < 1) {
            throw new IllegalArgumentException("sequence must be 1 or more, not %d".formatted(sequence));
        }
        if (finishedAt.isBefore(startedAt)) {
            throw new IllegalArgumentException("finished_at must not be before started_at");
        }
    }
}
