package outrider.scheduler.inventory;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.stereotype.Component;
import outrider.scheduler.BrokerAwayException;
import outrider.scheduler.RecordSender;
import outrider.scheduler.Transactions;

/// Publishes the changes of the inventory in the order in which they were made, each at least once, from one
/// replica at a time. No connection to the database is held while Kafka is waited for.
@Component
final class OutboxPublisher {

    /// Longer than a send may take, so that one that was given up has ended before another replica sends.
    private static final Duration LEASE = Duration.ofSeconds(45);
    private static final Duration WHOLE_LOOK_INTERVAL = Duration.ofSeconds(10);
    /// A transaction that takes its ids early may end after one that takes them late.
    private static final int MAX_BEHIND = 10_000;

    private final Outbox outbox;
    private final RecordSender kafka;
    private final Transactions transactions;
    private final InventoryMetrics metrics;
    private final Clock clock;
    private final int batch;

    /// The highest id this replica has removed. The ids below it that are gone stay in the index as long as an
    /// old snapshot is held.
    private long removed;
    private Instant wholeLook = Instant.MIN;

    OutboxPublisher(
            Outbox outbox,
            RecordSender kafka,
            Transactions transactions,
            InventoryMetrics metrics,
            Clock clock,
            InventoryProperties properties) {
        this.outbox = outbox;
        this.kafka = kafka;
        this.transactions = transactions;
        this.metrics = metrics;
        this.clock = clock;
        this.batch = properties.publishBatch();
    }

    /// One round. If it dies between the send and the removal, the same changes are sent again.
    ///
    /// @return whether there is more to do at once
    /// @throws BrokerAwayException when the brokers did not take all
    synchronized boolean publish() {
        transactions.run(outbox::addChangedPlans);
        // As exactly as the database keeps it.
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var until = now.plus(LEASE);
        var after = after(now);
        if (outbox.oldest(after, 1).isEmpty() || !outbox.lease(now, until)) {
            return false;
        }
        // By now another may have published what was there.
        var entries = outbox.oldest(after, batch);
        try {
            send(entries);
        } catch (RuntimeException e) {
            outbox.release(until);
            throw e;
        }
        transactions.run(() -> {
            outbox.remove(entries);
            outbox.release(until);
        });
        metrics.published(entries.size());
        entries.forEach(entry -> removed = Math.max(removed, entry.id()));
        return entries.size() == batch;
    }

    private long after(Instant now) {
        if (now.isBefore(wholeLook) || wholeLook.isBefore(now.minus(WHOLE_LOOK_INTERVAL))) {
            wholeLook = now;
            return Long.MIN_VALUE;
        }
        return removed - MAX_BEHIND;
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
