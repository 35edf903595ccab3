package outrider.lanes;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts records where another reader finds them, and returns only once the brokers have them.
///
/// A topic that is missing, full or refused today is tried again until it works; nothing needs a restart.
final class Forwarder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Forwarder.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int MAX_TEXT = 2_000;

    private final LaneSettings settings;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Clock clock;
    private @Nullable Producer<byte[], byte[]> producer;

    Forwarder(LaneSettings settings, Supplier<Producer<byte[], byte[]>> producers, Clock clock) {
        this.settings = settings;
        this.producers = producers;
        this.clock = clock;
    }

    void retry(Job job) throws StaleJobException {
        var record = copy(job, settings.retry().topic());
        LaneHeaders.put(record.headers(), LaneHeaders.LANE, settings.lane());
        LaneHeaders.put(record.headers(), LaneHeaders.ATTEMPT, job.attempt() + 1);
        LaneHeaders.put(
                record.headers(),
                LaneHeaders.NOT_BEFORE,
                clock.instant().plus(settings.retry().delay()));
        send(job, record);
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

    void handOff(Job job, String lane) throws StaleJobException {
        var record = copy(job, settings.topology().topicOf(lane));
        LaneHeaders.put(record.headers(), LaneHeaders.LANE, lane);
        LaneHeaders.put(record.headers(), LaneHeaders.HANDED_OFF_BY, settings.lane());
        // Both were meant for the lane that gives the job away.
        record.headers().remove(LaneHeaders.BUDGET).remove(LaneHeaders.NOT_BEFORE);
        send(job, record);
    }

    void republish(Job job, String lane) throws StaleJobException {
        send(job, copy(job, settings.topology().topicOf(lane)));
    }

    /// The same bytes and headers for another topic, with a timestamp of its own: retention counts from now.
    private static ProducerRecord<byte[], byte[]> copy(Job job, String topic) {
        var original = job.record();
        return new ProducerRecord<>(
                topic, null, original.key(), original.value(), new RecordHeaders(original.headers()));
    }

    private void send(Job job, ProducerRecord<byte[], byte[]> record) throws StaleJobException {
        Duration pause = FIRST_PAUSE;
        while (job.isCurrent()) {
            try {
                trySend(record);
                return;
            } catch (ExecutionException | KafkaException | IllegalStateException e) {
                log.warn("{} does not reach {} yet, trying again: {}", job, record.topic(), e.toString());
                pause(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            } catch (InterruptedException e) {
                // Only a job that is no longer ours is interrupted here: the loop ends.
            }
        }
        throw new StaleJobException(job);
    }

    private void trySend(ProducerRecord<byte[], byte[]> record) throws ExecutionException, InterruptedException {
        var used = producer();
        try {
            used.send(record).get();
        } catch (InterruptException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (ExecutionException | KafkaException | IllegalStateException e) {
            // What is no answer of a broker may come from a producer that will never send again.
            if (!(e instanceof ApiException) && !(e.getCause() instanceof ApiException)) {
                discard(used);
            }
            throw e;
        }
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            // The caller looks whether the job is still ours.
        }
    }

    private synchronized Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = producers.get();
        }
        return producer;
    }

    private synchronized void discard(Producer<byte[], byte[]> used) {
        if (producer == used) {
            close();
        }
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    private static String bounded(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
