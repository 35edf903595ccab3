package outrider.checker.letters;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.stereotype.Component;
import outrider.checker.admin.Audit;
import outrider.checker.scan.Lanes;
import outrider.scan.Topics;
import outrider.web.ProblemException;

/// The dead letters of the fleet: looks through them, and sends them back to their lanes.
@Component
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final ConsumerFactory<byte[], byte[]> consumers;
    private final Lanes lanes;
    private final ReplayMarks marks;
    private final DeadLetterProperties properties;
    private final Audit audit;
    private final Clock clock;
    private final ReentrantLock replaying = new ReentrantLock();

    DeadLetters(
            ConsumerFactory<byte[], byte[]> consumers,
            Lanes lanes,
            ReplayMarks marks,
            DeadLetterProperties properties,
            Audit audit,
            Clock clock) {
        this.consumers = consumers;
        this.lanes = lanes;
        this.marks = marks;
        this.properties = properties;
        this.audit = audit;
        this.clock = clock;
    }

    /// Some dead letters, the newest first.
    ///
    /// @param examined how many were read to find these
    /// @param cutShort whether there was no time to look for more; then the list goes on, however few these are
    /// @param nextPageToken what to send as `page_token` for older ones; null: there are none
    record Letters(
            List<DeadLetter> items,
            int examined,
            boolean cutShort,
            @Nullable String nextPageToken) {}

    Letters find(DeadLetterFilter filter, @Nullable String pageToken, int limit) {
        try (var reader = TopicReader.open(consumers)) {
            marks.catchUp(reader);
            var walk = new DeadLetterWalk(reader, properties, filter, pageToken);
            var items = new ArrayList<DeadLetter>();
            var next = walk.next();
            while (next.isPresent()) {
                var letter = DeadLetter.of(next.get(), marks.of(next.get()));
                if (filter.matches(letter)) {
                    items.add(letter);
                }
                next = items.size() < limit ? walk.next() : Optional.empty();
            }
            var token = walk.token();
            return new Letters(items, walk.examined(), items.size() < limit && token != null, token);
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /// How many dead letters there are, whatever their number.
    ///
    /// @param kept those in the topic
    /// @param waiting those of them that nobody has replayed
    record Count(long kept, long waiting) {}

    Count count() {
        try (var reader = TopicReader.open(consumers)) {
            var replayed = marks.catchUp(reader);
            var partitions = reader.partitions(Topics.DEAD);
            var begins = reader.beginnings(partitions);
            var kept = reader.ends(partitions).entrySet().stream()
                    .mapToLong(end -> end.getValue() - begins.getOrDefault(end.getKey(), 0L))
                    .sum();
            return new Count(kept, Math.max(0, kept - replayed));
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /// Tells what a replay would send, and sends nothing.
    ReplayAnswer rehearse(ReplayRequest request) throws InterruptedException {
        try (var reader = TopicReader.open(consumers)) {
            return run(request, reader, null);
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /// Sends letters back to their lanes, after the audit has taken note of it.
    ///
    /// @param by the subject of the token that orders it
    ReplayAnswer replay(ReplayRequest request, String by) throws InterruptedException {
        if (!replaying.tryLock()) {
            throw ProblemException.conflict("This replica is at another replay; wait for its answer.");
        }
        try (var reader = TopicReader.open(consumers);
                var producer = lanes.producer()) {
            audit.ordered("dead-letters.replay", Topics.DEAD, null, request.order());
            return run(request, reader, new ReplayRun.Sending(producer, clock.instant(), by));
        } catch (KafkaException e) {
            throw unreadable(e);
        } finally {
            replaying.unlock();
        }
    }

    private ReplayAnswer run(ReplayRequest request, TopicReader reader, ReplayRun.@Nullable Sending sending)
            throws InterruptedException {
        marks.catchUp(reader);
        var run = new ReplayRun(request, marks, lanes, sending);
        var named = request.named();
        var walk = named.isEmpty()
                ? new DeadLetterWalk(reader, properties, request.matching(), request.pageToken())
                : null;
        String stopped = null;
        try {
            if (walk == null) {
                named(named, reader, run);
            } else {
                walked(walk, run);
            }
        } catch (KafkaException e) {
            stopped = "Kafka does not answer now: " + e.getMessage();
        }
        run.settle();
        if (run.isRefused()) {
            stopped = "Kafka did not take all of it; what failed, or is not listed, is not replayed";
        }
        return run.tally()
                .answer(
                        sending == null,
                        walk == null ? named.size() : walk.examined(),
                        stopped,
                        walk == null ? null : walk.token());
    }

    private static void walked(DeadLetterWalk walk, ReplayRun run) throws InterruptedException {
        var next = walk.next();
        while (next.isPresent()) {
            run.found(next.get());
            next = run.isRefused() ? Optional.empty() : walk.next();
        }
    }

    private static void named(List<LetterId> ids, TopicReader reader, ReplayRun run) throws InterruptedException {
        var partitions = reader.partitions(Topics.DEAD);
        var begins = reader.beginnings(partitions);
        var ends = reader.ends(partitions);
        for (var id : ids) {
            if (run.isRefused()) {
                return;
            }
            var partition = new TopicPartition(Topics.DEAD, id.partition());
            var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            if (id.offset() >= begins.getOrDefault(partition, 0L) && id.offset() < ends.getOrDefault(partition, 0L)) {
                reader.read(partition, id.offset(), id.offset() + 1, found::add);
            }
            if (found.isEmpty()) {
                run.missing(id);
            } else {
                run.named(found.getFirst());
            }
        }
    }

    private static ProblemException unreadable(KafkaException why) {
        LOG.warn("The dead letters cannot be read now", why);
        return ProblemException.unavailable(Duration.ofSeconds(5), "Kafka does not answer now; nothing has changed.");
    }
}
