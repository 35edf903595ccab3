package outrider.scan;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The first line of a report: which scan it is and when it looked.
///
/// @param sequence the job's; the API refuses a report whose scope has already seen a higher one
/// @param assetRevision the job's: a report on an older revision of the asset than the API knows is superseded
/// @param catalog hash of the catalogue of checks that the checker works by; the API waits for one it does not know
/// @param part what of the asset it is about; null: all of it
/// @param traceparent W3C trace context of the scan, for diagnosis only; a malformed one is ignored
public record ReportHeader(
        UUID scanId,
        long sequence,
        UUID accountId,
        UUID assetId,
        String checker,
        Instant startedAt,
        Instant finishedAt,
        @Nullable Long assetRevision,
        @Nullable String catalog,
        @Nullable Part part,
        @Nullable String traceparent)
        implements ReportLine {

    public ReportHeader {
        if (sequence < 1) {
            throw new IllegalArgumentException("sequence must be 1 or more, not %d".formatted(sequence));
        }
        if (finishedAt.isBefore(startedAt)) {
            throw new IllegalArgumentException("finished_at must not be before started_at");
        }
        if (catalog != null && !CatalogRecord.isHash(catalog)) {
            throw new IllegalArgumentException("catalog must be 1 to 64 hexadecimal digits");
        }
    }

    /// The header of a report that names neither revision nor catalogue.
    public ReportHeader(
            UUID scanId,
            long sequence,
            UUID accountId,
            UUID assetId,
            String checker,
            Instant startedAt,
            Instant finishedAt,
            @Nullable String traceparent) {
        this(scanId, sequence, accountId, assetId, checker, startedAt, finishedAt, null, null, null, traceparent);
    }
}
