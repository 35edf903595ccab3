package outrider.insights.catalog;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import outrider.scan.CatalogRecord;
import outrider.scan.MalformedWireException;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.web.Bisection;

/// Follows the topic `outrider-catalog`. A record that cannot be read, or never be stored, is counted, logged
/// and skipped; when the database is away, the records wait.
@Component
final class CatalogListener {

    private static final Logger LOG = LoggerFactory.getLogger(CatalogListener.class);

    private final CatalogRepository repository;
    private final CatalogMetrics metrics;

    CatalogListener(CatalogRepository repository, CatalogMetrics metrics) {
        this.repository = repository;
        this.metrics = metrics;
    }

    @KafkaListener(id = "catalog", groupId = "outrider.insights.catalog", topics = Topics.CATALOG)
    void onRecords(List<ConsumerRecord<String, byte[]>> records) {
        var readable = new ArrayList<CatalogRecord>(records.size());
        for (var record : records) {
            try {
                // No value: an operator has deleted a catalogue. It lapses by itself.
                if (record.value() != null) {
                    readable.add(Wire.read(record.value(), CatalogRecord.class));
                }
            } catch (MalformedWireException e) {
                LOG.warn("Skipped the record at {}-{}: {}", record.partition(), record.offset(), e.getMessage());
            }
        }
        var refused = Bisection.store(readable, repository::save);
        refused.forEach(one -> LOG.error(
                "Skipped the catalogue {}, which can never be stored",
                one.item().hash(),
                one.why()));
        var taken = readable.size() - refused.size();
        metrics.count(taken, records.size() - taken);
    }
}
