package outrider.checker.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import outrider.scan.MalformedWireException;
import outrider.scan.Topics;
import outrider.scan.Wire;

/// Which dead letters were replayed, by whichever replica. The marks lie in a topic of their own, which is read on
/// from where it was left before each look; those of letters that are gone are forgotten.
@Component
final class ReplayMarks {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayMarks.class);
    private static final TopicPartition TOPIC = new TopicPartition(Topics.REPLAYED, 0);
    private static final String KEY = "replayed.v1.";

    private final KafkaTemplate<String, byte[]> kafka;
    private final Map<LetterId, Mark> marks = new HashMap<>();
    private long position;

    ReplayMarks(KafkaTemplate<String, byte[]> kafka) {
        this.kafka = kafka;
    }

    /// That a letter was replayed. The value of a record in `scan-jobs.replayed`.
    ///
    /// @param letterAt the time of the letter's record, by which another letter at the same address is told apart
    /// @param by the subject of the token
    record Mark(Instant letterAt, Instant at, String by) {}

    /// Takes in what all replicas have marked so far.
    ///
    /// @return how many letters are marked
    synchronized int catchUp(TopicReader reader) {
        long end = reader.ends(List.of(TOPIC)).getOrDefault(TOPIC, 0L);
        if (end < position) {
            // The topic was made anew.
            marks.clear();
            position = 0;
        }
        reader.read(TOPIC, position, end, this::take);
        position = end;
        var begins = reader.beginnings(reader.partitions(Topics.DEAD));
        marks.keySet()
                .removeIf(letter ->
                        letter.offset() < begins.getOrDefault(new TopicPartition(Topics.DEAD, letter.partition()), 0L));
        return marks.size();
    }

    /// The letter's mark; null when it was not replayed.
    synchronized @Nullable Mark of(ConsumerRecord<?, ?> letter) {
        var mark = marks.get(LetterId.of(letter));
        return mark != null && mark.letterAt().toEpochMilli() == letter.timestamp() ? mark : null;
    }

    /// Marks a letter; done when the brokers have it, failed when they do not take it.
    CompletableFuture<?> put(ConsumerRecord<?, ?> letter, Instant at, String by) {
        var id = LetterId.of(letter);
        var mark = new Mark(Instant.ofEpochMilli(letter.timestamp()), at, by);
        synchronized (this) {
            marks.put(id, mark);
        }
        try {
            return kafka.send(Topics.REPLAYED, KEY + id, Wire.write(mark));
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        position = record.offset() + 1;
        var key = record.key() == null ? "" : new String(record.key(), UTF_8);
        if (!key.startsWith(KEY) || record.value() == null) {
            return;
        }
        try {
            var mark = Wire.read(record.value(), Mark.class);
            LetterId.parse(key.substring(KEY.length())).ifPresent(id -> marks.put(id, mark));
        } catch (MalformedWireException e) {
            LOG.warn("The mark at {}@{} cannot be read: {}", TOPIC, record.offset(), e.getMessage());
        }
    }
}
