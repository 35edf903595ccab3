package outrider.insights.inventory;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import outrider.scan.InventoryRecord;
import outrider.scan.MalformedWireException;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.web.Bisection;

/// Follows the topic `outrider-inventory` from its beginning. A record that cannot be read, or never be stored,
/// is counted, logged and skipped, and holds none of the others up; when the database is away, the records wait.
@Component
final class InventoryListener {

    private static final Logger LOG = LoggerFactory.getLogger(InventoryListener.class);

    private static final int MAX_NAME = 253;

    private final Inventory inventory;
    private final InventoryMetrics metrics;

    InventoryListener(Inventory inventory, InventoryMetrics metrics) {
        this.inventory = inventory;
        this.metrics = metrics;
    }

    private record Read(ConsumerRecord<String, byte[]> from, InventoryRecord record) {}

    @KafkaListener(id = "inventory", idIsGroup = false, topics = Topics.INVENTORY)
    void onRecords(List<ConsumerRecord<String, byte[]>> records) {
        var readable = new ArrayList<Read>(records.size());
        for (var record : records) {
            try {
                readable.add(new Read(record, read(record.value())));
            } catch (MalformedWireException | UnusableRecordException e) {
                LOG.warn("Skipped the record at {}-{}: {}", record.partition(), record.offset(), e.getMessage());
            }
        }
        var refused = Bisection.store(
                readable, some -> inventory.take(some.stream().map(Read::record).toList()));
        refused.forEach(one -> LOG.error(
                "Skipped the record at {}-{}, which can never be stored",
                one.item().from().partition(),
                one.item().from().offset(),
                one.why()));
        refused.forEach(one -> readable.remove(one.item()));
        metrics.count(readable.stream().map(Read::record).toList(), records.size() - readable.size());
    }

    private static InventoryRecord read(byte @Nullable [] value) {
        if (value == null) {
            throw new UnusableRecordException("it has no value");
        }
        var record = Wire.read(value, InventoryRecord.class);
        var name = switch (record) {
            case InventoryRecord.Cadence cadence -> cadence.plan().name();
            case InventoryRecord.Account account -> account.name();
            case InventoryRecord.Asset asset -> asset.name();
        };
        if (name.length() > MAX_NAME || name.indexOf('\0') >= 0 || name.isBlank() && !record.deleted()) {
            throw new UnusableRecordException("its name is blank, too long or holds a NUL character");
        }
        return record;
    }

    /// The record is well-formed, but nothing can be made of it.
    private static final class UnusableRecordException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        UnusableRecordException(String message) {
            super(message);
        }
    }
}
