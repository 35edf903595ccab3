package outrider.lanes;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A producer whose sends return once the brokers have the record, however long that takes.
///
/// A topic that is missing, full or refused today is tried again until it works, and a producer that will never
/// send again is replaced: nothing needs a restart.
public final class DurableProducer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DurableProducer.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private @Nullable Producer<byte[], byte[]> producer;

    /// @param producers a new producer whenever one is needed, closed here
    public DurableProducer(Supplier<Producer<byte[], byte[]>> producers) {
        this.producers = producers;
    }

    /// Returns where the record lies once the brokers have it.
    ///
    /// @param what is sent, for the log
    /// @param current whether it may still be sent
    /// @throws InterruptedException when it may not be any more
    public RecordMetadata send(ProducerRecord<byte[], byte[]> record, Object what, BooleanSupplier current)
            throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (current.getAsBoolean()) {
            try {
                return trySend(record);
            } catch (ExecutionException | KafkaException | IllegalStateException e) {
                log.warn("{} does not reach {} yet, retrying in {}: {}", what, record.topic(), pause, e.toString());
                pause(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            } catch (InterruptedException e) {
                // Only what may not be sent any more is interrupted here: the loop ends.
            }
        }
        throw new InterruptedException("%s is no longer ours".formatted(what));
    }

    /// Sends it once and waits for no broker. Never throws; may block as long as the producer may for metadata.
    public void offer(ProducerRecord<byte[], byte[]> record, Object what) {
        try {
            var used = producer();
            try {
                used.send(record, (_, failure) -> refused(record, what, failure));
            } catch (KafkaException | IllegalStateException e) {
                discard(used);
                refused(record, what, e);
            }
        } catch (RuntimeException e) {
            refused(record, what, e);
        }
    }

    private static void refused(ProducerRecord<?, ?> record, Object what, @Nullable Exception failure) {
        if (failure != null) {
            log.warn("{} did not reach {} and is not sent again: {}", what, record.topic(), failure.toString());
        }
    }

    private RecordMetadata trySend(ProducerRecord<byte[], byte[]> record)
            throws ExecutionException, InterruptedException {
        var used = producer();
        try {
            return used.send(record).get();
        } catch (InterruptException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (ExecutionException e) {
            if (isFatal(e.getCause())) {
                discard(used);
            }
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            // What is thrown instead of answered comes from a producer that will never send again, whatever its
            // cause.
            discard(used);
            throw e;
        }
    }

    /// What is no answer of a broker, or says that this producer is not welcome, may be the end of it.
    private static boolean isFatal(@Nullable Throwable cause) {
        return !(cause instanceof ApiException)
                || cause instanceof AuthenticationException
                || cause instanceof ProducerFencedException
                || cause instanceof InvalidProducerEpochException;
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            // The caller looks whether it may still be sent.
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
}
