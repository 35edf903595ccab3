package outrider.lanes;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is unsettled in one partition. It remembers what is open, not what is done, so a job that runs for an
/// hour costs one entry however many jobs finish behind it, and gaps between offsets mean nothing.
///
/// Tracked by the poll thread, settled by the jobs, readable from anywhere.
final class PartitionProgress {
    private static final Logger log = LoggerFactory.getLogger(PartitionProgress.class);
    private static final long UNKNOWN = -1;

    /// By rising offset, the order in which they are polled.
    private final SweptList<Unsettled> unsettled = new SweptList<>();
    /// Below it, the restored commit knows which offsets are settled. Guarded by this.
    private long restoredHorizon;
    /// The highest leader epoch that commit knows of.
    private final int restoredEpoch;

    /// Unsettled according to the restored commit, and not polled again yet. Guarded by this.
    private final NavigableSet<Long> awaited;
    /// Guarded by this.
    private long position;
    /// How often the position rose. Guarded by this.
    private long advances;
    /// The leader epoch of the last record polled; no record below the position has a later one. Guarded by this.
    private int epoch;

    private PartitionProgress(long position, OffsetMap restored) {
        this.position = position;
        this.awaited = new TreeSet<>(restored.unsettled());
        this.restoredHorizon = restored.horizon();
        this.restoredEpoch = restored.epoch();
        this.epoch = restored.epoch();
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

    /// What is known of a partition whose log was cut, or created anew, and goes on at that offset: what is
    /// unsettled below it still lies there, and nothing that was polled from it on. Empty where nothing is
    /// unsettled below it: then nothing is known.
    synchronized Optional<PartitionProgress> cutAt(long offset) {
        var open = new TreeSet<>(awaited.headSet(offset));
        unsettled.present().stream()
                .map(Unsettled::offset)
                .filter(known -> known < offset)
                .forEach(open::add);
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(new PartitionProgress(
                        open.first(), new OffsetMap(open.first(), offset, List.copyOf(open), epoch)));
    }

    /// Whether an offset lies before what was polled already: the log was cut or created anew.
    synchronized boolean rewoundBy(long offset) {
        return offset < position;
    }

    /// Takes note of a polled offset. Empty when it was settled before the restart, so it must not run again.
    synchronized Optional<Unsettled> track(long offset, long now) {
        return track(offset, now, OffsetMap.UNKNOWN_EPOCH);
    }

    /// @param leaderEpoch of the record; -1: not known
    synchronized Optional<Unsettled> track(long offset, long now, int leaderEpoch) {
        if (offset < restoredHorizon && restoredEpoch != OffsetMap.UNKNOWN_EPOCH && leaderEpoch > restoredEpoch) {
            // The log was cut and written again since that commit: from here on it knows nothing.
            restoredHorizon = offset;
            awaited.tailSet(offset).clear();
        }
        boolean settled = offset < restoredHorizon && !awaited.contains(offset);
        // Not the highest ever: in a topic created anew epochs begin again, and a client would not believe a later one.
        epoch = leaderEpoch == OffsetMap.UNKNOWN_EPOCH ? epoch : leaderEpoch;
        advanceTo(offset + 1);
        if (settled) {
            return Optional.empty();
        }
        var tracked = new Unsettled(offset, now);
        unsettled.add(tracked);
        return Optional.of(tracked);
    }

    /// Everything below `next` was polled or does not exist.
    synchronized void advanceTo(long next) {
        if (next > position) {
            position = next;
            advances++;
            // What the poll went past is gone from the log: compacted, deleted or cut.
            if (!awaited.isEmpty()) {
                awaited.headSet(next).clear();
            }
        }
    }

    void settle(Unsettled tracked) {
        if (tracked.settle()) {
            unsettled.left();
        }
    }

    /// The lowest unsettled offset, else the position; -1 when nothing was polled or committed yet.
    synchronized long frontier() {
        return unsettled.first().map(Unsettled::offset).orElse(position);
    }

    /// When the record at the frontier was polled; empty when nothing is unsettled.
    Optional<Long> frontierPolledAt() {
        return unsettled.first().map(Unsettled::polledAt);
    }

    int unsettled() {
        return unsettled.size();
    }

    synchronized long position() {
        return position;
    }

    /// Rises with everything that changes what a commit would say; 0 as long as nothing does.
    synchronized long version() {
        return advances + unsettled.changes();
    }

    /// What to commit now; empty when nothing was polled or committed yet.
    synchronized Optional<Commit> commit() {
        if (position == UNKNOWN) {
            return Optional.empty();
        }
        // First: what is settled after this look belongs to the next commit.
        long version = version();
        List<Long> open = new ArrayList<>();
        unsettled.present().forEach(tracked -> open.add(tracked.offset()));
        long frontier = open.isEmpty() ? position : open.getFirst();
        open.addAll(awaited);
        // A horizon that was restored and not reached yet is known by the epoch that came with it.
        var map = new OffsetMap(
                        frontier,
                        Math.max(position, restoredHorizon),
                        open,
                        restoredHorizon > position ? restoredEpoch : epoch)
                .trimmed();
        return Optional.of(new Commit(committable(map), version));
    }

    /// With the epoch, for then the next owner's client finds out by itself whether the log was cut below the frontier.
    private OffsetAndMetadata committable(OffsetMap map) {
        Optional<Integer> known = epoch == OffsetMap.UNKNOWN_EPOCH ? Optional.empty() : Optional.of(epoch);
        return new OffsetAndMetadata(map.committed(), known, map.encode());
    }

    /// A commit and the version of the progress that it tells.
    record Commit(OffsetAndMetadata offset, long version) {}
}
