package outrider.insights.query;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import outrider.insight.Confidence;
import outrider.insight.Severity;

/// One thing that happened to an insight: `opened`, `confirmed`, `changed`, `reopened` or `resolved`.
///
/// @param at when the scan looked, or when the removal was learnt of
/// @param sequence that of the scan, or of the last scan before a removal
/// @param reason how it was resolved; else null
/// @param was what it said before, as far as that differs; null where nothing does
record HistoryEntry(
        Instant at,
        String kind,
        long sequence,
        @Nullable String reason,
        @Nullable Was was) {

    /// What an insight said before a change; null is what stayed.
    record Was(
            @Nullable Severity severity,
            @Nullable Confidence confidence,
            @Nullable String title,
            @Nullable Map<String, String> evidence) {

        @JsonIgnore
        boolean isNothing() {
            return severity == null && confidence == null && title == null && evidence == null;
        }
    }
}
