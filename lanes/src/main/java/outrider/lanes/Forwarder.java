package outrider.lanes;

import java.time.Clock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Puts records where another reader finds them, and returns only once the brokers have them.
final class Forwarder implements AutoCloseable {
    private static final int MAX_TEXT = 2_000;

    private final LaneSettings settings;
    private final DurableProducer producer;
    private final Clock clock;

    Forwarder(LaneSettings settings, Supplier<Producer<byte[], byte[]>> producers, Clock clock) {
        this.settings = settings;
        this.producer = new DurableProducer(producers);
        this.clock = clock;
    }

    Move.Place retry(Job job) throws StaleJobException {
        var record = copy(job, settings.retry().topic());
        LaneHeaders.put(record.headers(), LaneHeaders.LANE, settings.lane());
        LaneHeaders.put(record.headers(), LaneHeaders.ATTEMPT, job.attempt() + 1);
        LaneHeaders.put(
                record.headers(),
                LaneHeaders.NOT_BEFORE,
                clock.instant().plus(settings.retry().delay()));
        return send(job, record);
    }

    void dead(Job job, String reason, @Nullable Throwable cause) throws StaleJobException {
        var record = copy(job, settings.retry().deadTopic());
        Headers headers = record.headers();
        LaneHeaders.put(headers, LaneHeaders.DEAD_REASON, bounded(reason));
        if (cause != null) {
            LaneHeaders.put(headers, LaneHeaders.DEAD_EXCEPTION, bounded(cause.toString()));
        }
        LaneHeaders.put(headers, LaneHeaders.DEAD_TOPIC, job.topic());
        LaneHeaders.put(headers, LaneHeaders.DEAD_PARTITION, job.partition());
        LaneHeaders.put(headers, LaneHeaders.DEAD_OFFSET, job.offset());
        LaneHeaders.put(headers, LaneHeaders.DEAD_ATTEMPTS, job.attempt());
        LaneHeaders.put(headers, LaneHeaders.DEAD_LANE, settings.lane());
        LaneHeaders.put(headers, LaneHeaders.DEAD_AT, clock.instant());
        send(job, record);
    }

    Move.Place handOff(Job job, String lane) throws StaleJobException {
        var record = copy(job, settings.topology().topicOf(lane));
        LaneHeaders.put(record.headers(), LaneHeaders.LANE, lane);
        LaneHeaders.put(record.headers(), LaneHeaders.HANDED_OFF_BY, settings.lane());
        // Both were meant for the lane that gives the job away.
        record.headers().remove(LaneHeaders.BUDGET).remove(LaneHeaders.NOT_BEFORE);
        return send(job, record);
    }

    Move.Place republish(Job job, String lane) throws StaleJobException {
        return send(job, copy(job, settings.topology().topicOf(lane)));
    }

    /// The same bytes and headers for another topic, with a timestamp of its own: retention counts from now.
    private static ProducerRecord<byte[], byte[]> copy(Job job, String topic) {
        var original = job.record();
        return new ProducerRecord<>(
                topic, null, original.key(), original.value(), new RecordHeaders(original.headers()));
    }

    private Move.Place send(Job job, ProducerRecord<byte[], byte[]> record) throws StaleJobException {
        try {
            var taken = producer.send(record, job, job::isCurrent);
            return new Move.Place(taken.topic(), taken.partition(), taken.offset());
        } catch (InterruptedException e) {
            throw new StaleJobException(job);
        }
    }

    @Override
    public void close() {
        producer.close();
    }

    private static String bounded(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
