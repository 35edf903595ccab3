package outrider.lanes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits frontiers. In steady state one commit at a time is under way, so a late answer can never undo a newer one.
///
/// For use by the poll thread only.
final class Committer {
    private static final Logger log = LoggerFactory.getLogger(Committer.class);
    private static final Duration LAST_COMMIT = Duration.ofSeconds(5);

    private final LaneSettings.Limits limits;
    private final LaneMetrics metrics;
    private final Clock clock;
    private boolean underWay;
    private long sentAt = System.nanoTime();
    private volatile @Nullable Instant lastSuccess;

    Committer(LaneSettings.Limits limits, LaneMetrics metrics, Clock clock) {
        this.limits = limits;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Sends a commit if one is due.
    void tick(Consumer<?, ?> consumer, Collection<Assignment> assignments, long now) {
        if (underWay || now - sentAt < limits.commitInterval().toNanos()) {
            return;
        }
        var commits = uncommitted(assignments, now);
        sentAt = now;
        if (commits.isEmpty()) {
            return;
        }
        underWay = true;
        try {
            consumer.commitAsync(offsets(commits), (offsets, failure) -> answered(commits, now, failure));
        } catch (RuntimeException e) {
            // If the consumer is beyond help, its next poll says so.
            answered(commits, now, e);
        }
    }

    private void answered(Map<Assignment, PartitionProgress.Commit> commits, long sentAt, @Nullable Exception failure) {
        underWay = false;
        if (failure == null) {
            succeeded(commits, sentAt);
        } else {
            failed(failure);
        }
    }

    /// Commits before partitions leave; what cannot be committed is run again by their next owner.
    void commitNow(Consumer<?, ?> consumer, Collection<Assignment> assignments) {
        long now = System.nanoTime();
        var commits = uncommitted(assignments, now);
        if (commits.isEmpty()) {
            return;
        }
        try {
            commitSync(consumer, offsets(commits));
            succeeded(commits, now);
        } catch (KafkaException e) {
            failed(e);
        }
    }

    private static void commitSync(Consumer<?, ?> consumer, Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            consumer.commitSync(offsets, LAST_COMMIT);
        } catch (WakeupException e) {
            // Meant for the poll that is over.
            consumer.commitSync(offsets, LAST_COMMIT);
        }
    }

    /// Whether something has waited too long to be committed. Working on would only make more to redo.
    boolean isStale(Collection<Assignment> assignments, long now) {
        long bound = limits.commitStale().toNanos();
        return assignments.stream().anyMatch(assignment -> assignment.uncommittedFor(now) > bound);
    }

    /// The consumer is gone, and the answer of its commit with it.
    void reset() {
        underWay = false;
    }

    Optional<Instant> lastSuccess() {
        return Optional.ofNullable(lastSuccess);
    }

    private static Map<Assignment, PartitionProgress.Commit> uncommitted(Collection<Assignment> assignments, long now) {
        var commits = new HashMap<Assignment, PartitionProgress.Commit>();
        for (Assignment assignment : assignments) {
            assignment.uncommitted(now).ifPresent(commit -> commits.put(assignment, commit));
        }
        return commits;
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(Map<Assignment, PartitionProgress.Commit> commits) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        commits.forEach((assignment, commit) -> offsets.put(assignment.partition(), commit.offset()));
        return offsets;
    }

    private void succeeded(Map<Assignment, PartitionProgress.Commit> commits, long sentAt) {
        commits.forEach((assignment, commit) -> assignment.committed(commit, sentAt));
        lastSuccess = clock.instant();
        metrics.committed(System.nanoTime() - sentAt);
    }

    private void failed(Exception failure) {
        metrics.commitFailed();
        log.warn("Commit failed, the next one will say the same and more: {}", failure.toString());
    }
}
