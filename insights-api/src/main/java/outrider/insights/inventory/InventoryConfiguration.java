package outrider.insights.inventory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/// Makes listeners try again for ever: they skip a record that can never be stored, so what fails is the
/// database.
@Configuration(proxyBeanMethods = false)
class InventoryConfiguration {

    @Bean
    CommonErrorHandler patience() {
        var pauses = new ExponentialBackOff(500, 2);
        pauses.setMaxInterval(15_000);
        return new DefaultErrorHandler(pauses);
    }
}
