package outrider.scan;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One scan to run: one checker on one asset. The value of a record in a `scan-jobs` topic; its key is the asset id.
///
/// @param sequence rises with every scan of the same scope (account, asset, checker); a report with an older one is
/// refused
/// @param endpoints what the owner named explicitly; empty means: derive them from the name
/// @param checker the checker's name, as in the catalogue
/// @param assetRevision of the asset as it is told here; it rises with every change of name, endpoints or records
public record ScanJob(
        UUID scanId,
        long sequence,
        UUID accountId,
        UUID assetId,
        AssetKind kind,
        String name,
        List<Endpoint> endpoints,
        String checker,
        Instant scheduledAt,
        @Nullable Long assetRevision) {

    public ScanJob {
        if (sequence < 1) {
            throw new IllegalArgumentException("sequence must be 1 or more, not %d".formatted(sequence));
        }
        endpoints = List.copyOf(endpoints);
    }

    /// A job that does not say which revision of the asset it tells.
    public ScanJob(
            UUID scanId,
            long sequence,
            UUID accountId,
            UUID assetId,
            AssetKind kind,
            String name,
            List<Endpoint> endpoints,
            String checker,
            Instant scheduledAt) {
        this(scanId, sequence, accountId, assetId, kind, name, endpoints, checker, scheduledAt, null);
    }

    /// The named endpoints, else those derived from the name.
    public List<Endpoint> effectiveEndpoints() {
        return endpoints.isEmpty() ? Endpoint.derivedFrom(name) : endpoints;
    }
}
