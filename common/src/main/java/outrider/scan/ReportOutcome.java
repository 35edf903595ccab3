package outrider.scan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the insights API did with one report.
///
/// @param why says what is wrong with a rejected report, and its line; else null
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReportOutcome(
        UUID scanId, Kind kind, Counts counts, @Nullable String why) {

    /// Why a report with [KnownInsight] lines was rejected: one of them is not open with that hash, or no
    /// longer. With all bodies it can be sent again.
    public static final String BODIES_REQUIRED = "bodies_required";

    /// What became of a report.
    public enum Kind {
        /// Something changed.
        APPLIED,
        /// All insights were as before; only coverage moved on.
        UNCHANGED,
        /// This scan had been reported before; the counts are those of the first time.
        REPLAYED,
        /// A newer scan of the scope has been reported; nothing was written.
        SUPERSEDED,
        /// Another report of the scope is being written, or the API does not know the catalogue of checks yet
        /// that this one names; send it again a little later.
        BUSY,
        /// The report is wrong and will stay wrong; nothing of it was written.
        REJECTED;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How many insights a report opened, changed, opened again, resolved and left alone.
    public record Counts(int opened, int changed, int reopened, int resolved, int unchanged) {

        public static final Counts NONE = new Counts(0, 0, 0, 0, 0);
    }
}
