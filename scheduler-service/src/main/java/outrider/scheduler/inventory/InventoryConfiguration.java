package outrider.scheduler.inventory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import outrider.scheduler.Loop;

/// The periodic work of the inventory.
@Configuration(proxyBeanMethods = false)
class InventoryConfiguration {

    @Bean
    Loop outboxLoop(OutboxPublisher publisher, InventoryProperties properties) {
        return new Loop("outbox", properties.publishEvery(), publisher::publish);
    }
}
