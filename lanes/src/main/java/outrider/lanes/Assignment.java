package outrider.lanes;

import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One partition for as long as it is ours. The object is the epoch: a partition that comes back is another
/// assignment, and what still runs for this one changes nothing.
final class Assignment {
    private static final long CLEAN = Long.MIN_VALUE;

    private final TopicPartition partition;
    private final int room;
    private volatile @Nullable PartitionProgress progress;
    private volatile boolean current = true;
    private volatile boolean full;
    private volatile long lag;

    // Of the poll thread.
    private long committedVersion;
    private long uncommittedSince = CLEAN;

    /// @param room below this many unsettled, another poll fits
    Assignment(TopicPartition partition, int room) {
        this.partition = partition;
        this.room = room;
    }

    TopicPartition partition() {
        return partition;
    }

    boolean isCurrent() {
        return current;
    }

    void end() {
        current = false;
    }

    /// Starts from what the group committed; before that, nothing of the partition may be polled.
    void restore(@Nullable OffsetAndMetadata committed) {
        progress = committed == null
                ? PartitionProgress.fresh()
                : PartitionProgress.restored(committed.offset(), committed.metadata());
    }

    /// Starts from what is known.
    void start(PartitionProgress known) {
        progress = known;
    }

    /// Empty until restored.
    Optional<PartitionProgress> progress() {
        return Optional.ofNullable(progress);
    }

    /// False when the partition is no longer ours: then nothing changed.
    boolean settle(Unsettled tracked) {
        var known = progress;
        if (!current || known == null) {
            return false;
        }
        known.settle(tracked);
        return true;
    }

    /// Whether another poll fits. Before the restore nothing does.
    boolean hasRoom() {
        // Raised before looking, so that a job that makes room meanwhile sees it and wakes the poll thread.
        full = true;
        full = !fits();
        return !full;
    }

    /// Whether room was missing when last looked for, and is there now.
    boolean regainedRoom() {
        return full && fits();
    }

    private boolean fits() {
        var known = progress;
        return known != null && known.unsettled() < room;
    }

    /// What a commit would have to say by now, if anything.
    Optional<PartitionProgress.Commit> uncommitted(long now) {
        var known = progress;
        if (known == null || known.version() == committedVersion) {
            return Optional.empty();
        }
        if (uncommittedSince == CLEAN) {
            uncommittedSince = now;
        }
        return known.commit();
    }

    void committed(PartitionProgress.Commit commit, long sentAt) {
        committedVersion = commit.version();
        uncommittedSince =
                progress().filter(known -> known.version() != committedVersion).isPresent() ? sentAt : CLEAN;
    }

    /// For how long something has waited to be committed, in nanoseconds.
    long uncommittedFor(long now) {
        return uncommittedSince == CLEAN ? 0 : now - uncommittedSince;
    }

    /// How long the lowest unsettled record has been here, in nanoseconds; 0 when nothing is unsettled.
    long frontierAge(long now) {
        return progress()
                .flatMap(PartitionProgress::frontierPolledAt)
                .map(polledAt -> Math.max(0, now - polledAt))
                .orElse(0L);
    }

    /// How many records of the partition were not polled yet when last looked.
    long lag() {
        return lag;
    }

    void lag(long lag) {
        this.lag = lag;
    }

    /// Takes note of where the partition ends now.
    void endsAt(long offset) {
        progress()
                .map(PartitionProgress::position)
                .filter(position -> position >= 0)
                .ifPresent(position -> lag = Math.max(0, offset - position));
    }

    /// Records that are not settled: not polled yet, waiting for a permit or a retry, or in flight.
    long backlog() {
        return lag + progress().map(PartitionProgress::unsettled).orElse(0);
    }
}
