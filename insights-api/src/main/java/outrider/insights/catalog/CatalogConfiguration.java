package outrider.insights.catalog;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import outrider.web.Loop;

/// Looks every minute whether checks are gone or disabled.
@Configuration(proxyBeanMethods = false)
class CatalogConfiguration {

    private static final Duration PAUSE = Duration.ofMinutes(1);

    @Bean
    Loop retiredChecksLoop(RetiredChecks checks) {
        return new Loop("retired-checks", PAUSE, checks::round);
    }
}
