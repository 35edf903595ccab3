package outrider.lanes;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/// Notes how much of our partitions was not polled yet. Of the poll thread.
///
/// The client learns of new records while it fetches. What is paused, because earlier records wait for their
/// permit, has to be asked about, or a backlog would stand still as long as it lasts.
final class LagSampler {
    private static final Duration KNOWN = Duration.ofSeconds(1);
    private static final Duration ASKED = Duration.ofSeconds(5);
    /// The poll thread waits no longer for an answer.
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final Partitions partitions;
    private long lastKnown = System.nanoTime();
    private long lastAsked = System.nanoTime();

    LagSampler(Partitions partitions) {
        this.partitions = partitions;
    }

    /// Once in a while only: under the consumer protocol each look is a round trip to the client's network thread.
    void sample(Consumer<?, ?> consumer, long now) {
        if (now - lastKnown < KNOWN.toNanos()) {
            return;
        }
        lastKnown = now;
        Set<TopicPartition> assigned = consumer.assignment();
        Set<TopicPartition> paused = consumer.paused();
        partitions.all().stream()
                .filter(assignment -> assigned.contains(assignment.partition()))
                .filter(assignment -> !paused.contains(assignment.partition()))
                .forEach(assignment ->
                        consumer.currentLag(assignment.partition()).ifPresent(assignment::lag));
        if (now - lastAsked >= ASKED.toNanos()) {
            lastAsked = now;
            ask(
                    consumer,
                    partitions.all().stream()
                            .filter(assignment -> paused.contains(assignment.partition()))
                            .filter(assignment -> assignment.progress().isPresent())
                            .toList());
        }
    }

    private static void ask(Consumer<?, ?> consumer, List<Assignment> asked) {
        if (asked.isEmpty()) {
            return;
        }
        try {
            var ends = consumer.endOffsets(
                    asked.stream().map(Assignment::partition).collect(Collectors.toSet()), PATIENCE);
            asked.forEach(assignment -> assignment.endsAt(ends.getOrDefault(assignment.partition(), 0L)));
        } catch (TimeoutException e) {
            // What was known last has to do until the next look.
        }
    }
}
