package outrider.checker.scan;

import java.time.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import outrider.insight.CheckCatalog;
import outrider.scan.Topics;
import outrider.scan.Wire;

/// Publishes the catalogue of this replica in the topic `outrider-catalog`. Until the insights API knows it, the
/// reports of this replica wait; while it is published, the insights of its checks stay open.
@Component
final class CatalogPublisher {

    private final KafkaTemplate<String, byte[]> kafka;
    private final CheckCatalog catalog;
    private final Clock clock;

    CatalogPublisher(KafkaTemplate<String, byte[]> kafka, CheckCatalog catalog, Clock clock) {
        this.kafka = kafka;
        this.catalog = catalog;
        this.clock = clock;
    }

    /// Publishes it once; returns when the brokers have it.
    ///
    /// @throws KafkaException when the brokers did not take it in time; it is published again
    void publish() {
        try {
            kafka.send(Topics.CATALOG, catalog.hash(), Wire.write(catalog.record(clock.instant())))
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("The brokers did not take the catalogue " + catalog.hash(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
