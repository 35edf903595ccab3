package outrider.scheduler.inventory;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import outrider.web.Loop;

/// The periodic work of the inventory.
@Configuration(proxyBeanMethods = false)
class InventoryConfiguration {

    @Bean
    Loop outboxLoop(OutboxPublisher publisher, InventoryProperties properties) {
        return new Loop("outbox", properties.publishEvery(), publisher::publish);
    }

    @Bean
    Loop removalsLoop(Inventory inventory) {
        return new Loop("removals", Duration.ofSeconds(30), inventory::finishRemovals);
    }

    @Bean
    Loop recordsLoop(Records records) {
        return new Loop("records", Duration.ofMinutes(1), records::sweep);
    }
}
