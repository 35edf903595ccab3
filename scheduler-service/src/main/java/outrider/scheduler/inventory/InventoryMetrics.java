package outrider.scheduler.inventory;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/// The meters of the inventory.
@Component
final class InventoryMetrics {

    private final Counter published;

    InventoryMetrics(MeterRegistry registry) {
        published = Counter.builder("outrider.inventory.published")
                .description("Changes of the inventory that Kafka has taken")
                .register(registry);
    }

    void published(int changes) {
        published.increment(changes);
    }
}
