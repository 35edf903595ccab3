package outrider.insights.query;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import outrider.insight.Confidence;
import outrider.insight.Severity;

/// An insight in a list.
///
/// @param assetName null while the inventory has not told it
/// @param lastSeen when a scan last found it
/// @param changedAt when its state or content last changed
/// @param resolution why it is resolved: `fixed`, `no_longer_applicable`, `removed`, `check_gone` (its check has left
///     the checker) or `disabled` (its check is); null while it is not
record InsightView(
        UUID id,
        UUID accountId,
        UUID assetId,
        @Nullable String assetName,
        String checker,
        String check,
        String subject,
        String detail,
        Severity severity,
        Confidence confidence,
        InsightState state,
        String title,
        Instant firstSeen,
        @Nullable Instant lastSeen,
        Instant changedAt,
        @Nullable Instant resolvedAt,
        @Nullable String resolution) {}
