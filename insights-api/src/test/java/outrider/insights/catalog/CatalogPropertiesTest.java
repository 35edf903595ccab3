package outrider.insights.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CatalogPropertiesTest {

    @Test
    void defaults_wait_an_hour() {
        assertThat(bind(Map.of())).isEqualTo(new CatalogProperties(Duration.ofHours(1), Duration.ofHours(1)));
    }

    @Test
    void every_setting_is_read() {
        assertThat(bind(Map.of("outrider.catalog.living-for", "15m", "outrider.catalog.grace", "0s")))
                .isEqualTo(new CatalogProperties(Duration.ofMinutes(15), Duration.ZERO));
    }

    @Test
    void nonsense_is_rejected_with_a_reason() {
        assertThatThrownBy(() -> bind(Map.of("outrider.catalog.living-for", "5s")))
                .rootCause()
                .hasMessageContaining("living-for must be 1m to 7d");
        assertThatThrownBy(() -> bind(Map.of("outrider.catalog.grace", "-1s")))
                .rootCause()
                .hasMessageContaining("grace must be 0s to 7d");
    }

    private static CatalogProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("outrider.catalog", CatalogProperties.class);
    }
}
