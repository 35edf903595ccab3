package outrider.scheduler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;
import org.springframework.stereotype.Component;

/// Sends records to Kafka and waits until the brokers have them.
@Component
public final class RecordSender {

    private static final Logger LOG = LoggerFactory.getLogger(RecordSender.class);
    /// Longer than the producer's own `delivery.timeout.ms`, after which it gives up by itself.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaTemplate<String, byte[]> kafka;

    public RecordSender(KafkaTemplate<String, byte[]> kafka) {
        this.kafka = kafka;
    }

    /// Sends all records and answers, in their order, where each was written; empty for one that perhaps was not.
    public List<Optional<RecordMetadata>> send(Collection<ProducerRecord<String, byte[]>> records) {
        var sent = new ArrayList<CompletableFuture<SendResult<String, byte[]>>>(records.size());
        for (var record : records) {
            // Each send may block for `max.block.ms`: when the brokers are away, once is enough.
            var down = !sent.isEmpty() && sent.getLast().isCompletedExceptionally();
            sent.add(down ? sent.getLast() : start(record));
        }
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var results = sent.stream().map(one -> await(one, deadline)).toList();
        sent.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .findFirst()
                .ifPresent(failed -> LOG.warn(
                        "Kafka did not take {} of {} records: {}",
                        results.stream().filter(Optional::isEmpty).count(),
                        results.size(),
                        failed.exceptionNow().toString()));
        return results;
    }

    private CompletableFuture<SendResult<String, byte[]>> start(ProducerRecord<String, byte[]> record) {
        try {
            return kafka.send(record);
        } catch (KafkaException | org.apache.kafka.common.KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Optional<RecordMetadata> await(CompletableFuture<SendResult<String, byte[]>> sent, long deadline) {
        try {
            return Optional.of(
                    sent.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS).getRecordMetadata());
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
