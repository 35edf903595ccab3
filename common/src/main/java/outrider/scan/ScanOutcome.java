package outrider.scan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How a scan went on or ended, told by the checker to the scheduler. The value of a record in `scan-outcomes`;
/// its key is the asset id.
///
/// Idempotent by scan id, attempt and kind: it may arrive more than once.
///
/// @param durationMillis how long the checker ran, without waiting and reporting
/// @param why the reason where it did not end as reported; else null
/// @param moved where the job lies now, for [Kind#MOVED]; else null
/// @param untold true: none of the checks could tell anything, so that the duration says nothing about the asset
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScanOutcome(
        UUID scanId,
        long sequence,
        UUID accountId,
        UUID assetId,
        String checker,
        Lane lane,
        int attempt,
        Kind kind,
        long durationMillis,
        Instant at,
        @Nullable String why,
        @Nullable Place moved,
        @Nullable Boolean untold) {

    public ScanOutcome {
        if ((kind == Kind.MOVED) != (moved != null)) {
            throw new IllegalArgumentException("moved says where a job lies, exactly where the kind is moved");
        }
    }

    /// An outcome of a kind that has no place, of a scan that saw something or was not run.
    public ScanOutcome(
            UUID scanId,
            long sequence,
            UUID accountId,
            UUID assetId,
            String checker,
            Lane lane,
            int attempt,
            Kind kind,
            long durationMillis,
            Instant at,
            @Nullable String why) {
        this(scanId, sequence, accountId, assetId, checker, lane, attempt, kind, durationMillis, at, why, null, null);
    }

    /// Where a job lies that was retried, handed to another lane or sent to the lane of its stamp.
    ///
    /// @param lane whose consumer group reads it there
    public record Place(Lane lane, String topic, int partition, long offset) {}

    /// A step in a scan's life that only the checker sees.
    public enum Kind {
        /// An interactive scan began to run.
        STARTED,
        /// The job lies somewhere else now; the scan goes on there.
        MOVED,
        /// The insights API has the report.
        REPORTED,
        /// The insights API had seen a newer report of the scope.
        SUPERSEDED,
        /// The job was not run: it was too old, or it asks for a checker that was not known there.
        EXPIRED,
        /// The job or its report went to the dead-letter topic.
        DEAD;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Whether the scan is over.
        public boolean closes() {
            return this != STARTED && this != MOVED;
        }
    }
}
