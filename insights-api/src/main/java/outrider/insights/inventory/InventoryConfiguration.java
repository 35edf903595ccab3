package outrider.insights.inventory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/// Makes listeners try again for ever: what fails here is the database, never the record.
@Configuration(proxyBeanMethods = false)
class InventoryConfiguration {

    @Bean
    CommonErrorHandler patience() {
        var pauses = new ExponentialBackOff(500, 2);
        pauses.setMaxInterval(15_000);
        return new DefaultErrorHandler(pauses);
    }
}
