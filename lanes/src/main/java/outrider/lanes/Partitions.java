package outrider.lanes;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/// The partitions that are ours: taken over paused, restored from what the group committed, and left in order:
/// stop admitting, drain, commit, end the epoch, interrupt.
///
/// Changed by the poll thread only; readable from anywhere.
final class Partitions {
    private static final Duration RESTORE = Duration.ofSeconds(2);

    private final LaneSettings settings;
    private final Admission admission;
    private final InFlight inFlight;
    private final Committer committer;
    private final LaneMetrics metrics;
    private final Map<TopicPartition, Assignment> mine = new ConcurrentHashMap<>();

    Partitions(
            LaneSettings settings, Admission admission, InFlight inFlight, Committer committer, LaneMetrics metrics) {
        this.settings = settings;
        this.admission = admission;
        this.inFlight = inFlight;
        this.committer = committer;
        this.metrics = metrics;
    }

    Collection<Assignment> all() {
        return mine.values();
    }

    /// Records of our partitions that are not settled. Summed over all members it is the backlog of the lane.
    long backlog() {
        return mine.values().stream().mapToLong(Assignment::backlog).sum();
    }

    Optional<Assignment> find(TopicPartition partition) {
        return Optional.ofNullable(mine.get(partition));
    }

    ConsumerRebalanceListener listener(Consumer<?, ?> consumer) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                metrics.rebalanced("assigned", partitions.size());
                // Under KIP-848 assignments come in parts: only these are new, whatever else we hold.
                partitions.forEach(Partitions.this::take);
                consumer.pause(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                metrics.rebalanced("revoked", partitions.size());
                handOver(consumer, known(partitions), settings.drain().revoke());
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                metrics.rebalanced("lost", partitions.size());
                lose(known(partitions));
            }
        };
    }

    /// Reads what the group committed for the partitions that came in; until then they stay paused.
    void restore(Consumer<?, ?> consumer) {
        Set<TopicPartition> fresh = mine.values().stream()
                .filter(assignment -> assignment.progress().isEmpty())
                .map(Assignment::partition)
                .collect(Collectors.toSet());
        if (!fresh.isEmpty()) {
            var committed = consumer.committed(fresh, RESTORE);
            fresh.forEach(
                    partition -> find(partition).ifPresent(assignment -> assignment.restore(committed.get(partition))));
        }
    }

    /// Takes a partition whose log was cut, or created anew, under our hands: it goes on at that offset. What is
    /// unsettled below it must be polled again; nothing else of what was known holds.
    Assignment restart(Assignment old, long offset) {
        var known = old.progress().flatMap(progress -> progress.cutAt(offset));
        lose(List.of(old));
        var assignment = take(old.partition());
        assignment.start(known.orElseGet(PartitionProgress::fresh));
        return assignment;
    }

    /// Lets running jobs finish inside the bound, commits, and ends these assignments.
    void handOver(Consumer<?, ?> consumer, List<Assignment> leaving, Duration bound) {
        if (leaving.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        admission.forget(leaving);
        inFlight.awaitNone(leaving, bound.toNanos());
        metrics.drained(System.nanoTime() - start);
        committer.commitNow(consumer, leaving);
        lose(leaving);
    }

    /// Ends these assignments without a commit: another member may already have made its own.
    void lose(List<Assignment> lost) {
        admission.forget(lost);
        lost.forEach(assignment -> {
            assignment.end();
            mine.remove(assignment.partition(), assignment);
            metrics.forget(assignment);
        });
        long now = System.nanoTime();
        inFlight.of(lost).forEach(run -> run.watch(now));
    }

    private Assignment take(TopicPartition partition) {
        find(partition).ifPresent(left -> lose(List.of(left)));
        var limits = settings.limits();
        var assignment = new Assignment(partition, limits.maxUnsettled() - limits.maxPollRecords());
        mine.put(partition, assignment);
        metrics.watch(assignment);
        return assignment;
    }

    private List<Assignment> known(Collection<TopicPartition> partitions) {
        return partitions.stream().map(mine::get).filter(Objects::nonNull).toList();
    }
}
