package outrider.scan;

import java.time.Instant;
import java.util.UUID;

/// The first line of a report: which scan it is and when it looked.
///
/// @param sequence the job's; the API refuses a report whose scope has already seen a higher one
public record ReportHeader(
        UUID scanId, long sequence, UUID accountId, UUID assetId, String checker, Instant startedAt, Instant finishedAt)
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
