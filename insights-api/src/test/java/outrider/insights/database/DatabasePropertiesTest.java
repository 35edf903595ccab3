package outrider.insights.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DatabasePropertiesTest {

    @Test
    void has_defaults() {
        assertThat(bind(Map.of())).isEqualTo(properties(5, 500, 1_000, 5, 20, 15));
    }

    @Test
    void reads_all() {
        assertThat(bind(Map.of(
                        "outrider.database.report-connections", "7",
                        "outrider.database.max-wait", "0s",
                        "outrider.database.primary.interval", "2s",
                        "outrider.database.primary.samples", "9",
                        "outrider.database.primary.far-from", "80ms",
                        "outrider.database.primary.near-below", "70ms")))
                .isEqualTo(properties(7, 0, 2_000, 9, 80, 70));
    }

    @Test
    void refuses_what_makes_no_sense() {
        refuses("report-connections", "0", "report-connections must be 1 or more");
        refuses("max-wait", "1m", "max-wait must be 0s to 5s");
        refuses("primary.interval", "0s", "interval must be more than zero");
        refuses("primary.near-below", "1s", "0 < near-below <= far-from, not PT1S and PT0.02S");
    }

    private static void refuses(String name, String value, String complaint) {
        assertThatThrownBy(() -> bind(Map.of("outrider.database." + name, value)))
                .rootCause()
                .hasMessageContaining(complaint);
    }

    private static DatabaseProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("outrider.database", DatabaseProperties.class);
    }

    private static DatabaseProperties properties(
            int connections, long wait, long interval, int samples, long far, long near) {
        return new DatabaseProperties(
                connections,
                Duration.ofMillis(wait),
                new DatabaseProperties.Primary(
                        Duration.ofMillis(interval), samples, Duration.ofMillis(far), Duration.ofMillis(near)));
    }
}
