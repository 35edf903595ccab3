package outrider.insights.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CoveragePropertiesTest {

    @Test
    void has_defaults() {
        assertThat(bind(Map.of())).isEqualTo(new CoverageProperties(3, Duration.ofDays(7)));
    }

    @Test
    void reads_all() {
        assertThat(bind(Map.of(
                        "outrider.coverage.stale-after", "5",
                        "outrider.coverage.assumed-interval", "1h")))
                .isEqualTo(new CoverageProperties(5, Duration.ofHours(1)));
    }

    @Test
    void refuses_what_makes_no_sense() {
        refuses("stale-after", "0", "stale-after must be 1 to 1000");
        refuses("stale-after", "1001", "stale-after must be 1 to 1000");
        refuses("assumed-interval", "0s", "assumed-interval must be a second or more");
    }

    private static void refuses(String name, String value, String complaint) {
        assertThatThrownBy(() -> bind(Map.of("outrider.coverage." + name, value)))
                .rootCause()
                .hasMessageContaining(complaint);
    }

    private static CoverageProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("outrider.coverage", CoverageProperties.class);
    }
}
