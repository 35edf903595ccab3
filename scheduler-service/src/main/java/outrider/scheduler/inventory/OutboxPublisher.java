package outrider.scheduler.inventory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scheduler.BrokerAwayException;
import outrider.scheduler.RecordSender;

/// Publishes the changes of the inventory in the order in which they were made, each at least once, from one
/// replica at a time.
@Component
final class OutboxPublisher {

    private final Outbox outbox;
    private final RecordSender kafka;
    private final TransactionTemplate transactions;
    private final InventoryMetrics metrics;
    private final int batch;

    OutboxPublisher(
            Outbox outbox,
            RecordSender kafka,
            TransactionTemplate transactions,
            InventoryMetrics metrics,
            InventoryProperties properties) {
        this.outbox = outbox;
        this.kafka = kafka;
        this.transactions = transactions;
        this.metrics = metrics;
        this.batch = properties.publishBatch();
    }

    /// One round. Dies it between the send and the commit, the same changes are sent again.
    ///
    /// @return whether there is more to do at once
    /// @throws BrokerAwayException when the brokers did not take all
    boolean publish() {
        return Objects.requireNonNull(transactions.execute(status -> {
            if (!outbox.lock()) {
                return false;
            }
            outbox.addChangedPlans();
            var entries = outbox.oldest(batch);
            if (entries.isEmpty()) {
                return false;
            }
            send(entries);
            outbox.remove(entries);
            metrics.published(entries.size());
            return entries.size() == batch;
        }));
    }

    private void send(List<Outbox.Entry> entries) {
        var records = entries.stream()
                .map(entry -> new ProducerRecord<>(
                        entry.topic(), entry.key(), entry.value().getBytes(StandardCharsets.UTF_8)))
                .toList();
        var refused = kafka.send(records).stream().filter(Optional::isEmpty).count();
        if (refused > 0) {
            throw new BrokerAwayException(
                    "Kafka did not take %d changes of the inventory or orders".formatted(refused));
        }
    }
}
