package outrider.lanes;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is unsettled in one partition. It remembers what is open, not what is done, so a job that runs for an hour
/// costs
/// one entry however many jobs finish behind it, and gaps between offsets mean nothing.
///
/// Safe for use by the poll thread and the jobs.
final class PartitionProgress {
    private static final Logger log = LoggerFactory.getLogger(PartitionProgress.class);
    private static final long UNKNOWN = -1;

    /// Offset to the time it was polled.
    private final NavigableMap<Long, Long> unsettled = new TreeMap<>();
    /// Unsettled according to the restored commit, and not polled again yet.
    private final NavigableSet<Long> awaited;
    /// Below it, the restored commit knows which offsets are settled.
    private final long restoredHorizon;

    private long position;
    private long version;

    private PartitionProgress(long position, OffsetMap restored) {
        this.position = position;
        this.awaited = new TreeSet<>(restored.unsettled());
        this.restoredHorizon = restored.horizon();
    }

    /// A partition without a commit.
    static PartitionProgress fresh() {
        return new PartitionProgress(UNKNOWN, new OffsetMap(0, 0, List.of()));
    }

    /// A partition that goes on from a commit.
    static PartitionProgress restored(long committed, String metadata) {
        var map = OffsetMap.decode(metadata, committed);
        if (map.isEmpty() && !metadata.isEmpty()) {
            log.warn("The commit at {} tells nothing readable: what was settled beyond it runs again", committed);
        }
        return new PartitionProgress(committed, map.orElseGet(() -> new OffsetMap(committed, committed, List.of())));
    }

    /// Whether an offset lies before what was polled already: the log was cut or created anew, and nothing known here
    /// holds.
    synchronized boolean rewoundBy(long offset) {
        return offset < position;
    }

    /// Takes note of a polled offset. False when it was settled before the restart, so it must not run again.
    synchronized boolean track(long offset, long now) {
        boolean settled = offset < restoredHorizon && !awaited.contains(offset);
        advanceTo(offset + 1);
        if (!settled) {
            unsettled.put(offset, now);
        }
        return !settled;
    }

    /// Everything below `next` was polled or does not exist.
    synchronized void advanceTo(long next) {
        if (next > position) {
            position = next;
            // What the poll went past is gone from the log: compacted, deleted or cut.
            awaited.headSet(next).clear();
            version++;
        }
    }

    synchronized void settle(long offset) {
        if (unsettled.remove(offset) != null) {
            version++;
        }
    }

    /// The lowest unsettled offset, else the position; -1 when nothing was polled or committed yet.
    synchronized long frontier() {
        return unsettled.isEmpty() ? position : unsettled.firstKey();
    }

    /// When the record at the frontier was polled; empty when nothing is unsettled.
    synchronized Optional<Long> frontierPolledAt() {
        return unsettled.isEmpty()
                ? Optional.empty()
                : Optional.of(unsettled.firstEntry().getValue());
    }

    synchronized int unsettled() {
        return unsettled.size();
    }

    synchronized long position() {
        return position;
    }

    /// Rises with everything that changes what a commit would say.
    synchronized long version() {
        return version;
    }

    /// What to commit now; empty when nothing was polled or committed yet.
    synchronized Optional<Commit> commit() {
        if (position == UNKNOWN) {
            return Optional.empty();
        }
        List<Long> open = new ArrayList<>(unsettled.keySet());
        open.addAll(awaited);
        var map = new OffsetMap(frontier(), Math.max(position, restoredHorizon), open).trimmed();
        return Optional.of(new Commit(new OffsetAndMetadata(map.committed(), map.encode()), version));
    }

    /// A commit and the version of the progress that it tells.
    record Commit(OffsetAndMetadata offset, long version) {}
}
