package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class RequestPropertiesTest {

    @Test
    void has_defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new RequestProperties(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(15),
                        DataSize.ofKilobytes(16),
                        Duration.ofSeconds(10)));
    }

    @Test
    void reads_all() {
        assertThat(bind(Map.of(
                        "outrider.ingest.request.default-budget", "1s",
                        "outrider.ingest.request.max-budget", "2s",
                        "outrider.ingest.request.min-rate", "3B",
                        "outrider.ingest.request.grace", "0s")))
                .isEqualTo(new RequestProperties(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), DataSize.ofBytes(3), Duration.ZERO));
    }

    @Test
    void refuses_what_makes_no_sense() {
        refuses("default-budget", "1h", "0 < default-budget <= max-budget");
        refuses("default-budget", "0s", "0 < default-budget <= max-budget");
        refuses("min-rate", "0B", "min-rate must be 1B or more");
        refuses("grace", "-1s", "grace not negative");
    }

    @Test
    void nobody_gets_a_larger_budget_than_there_is() {
        assertThat(bind(Map.of()).budget("P1D")).isEqualTo(Duration.ofMinutes(15));
        assertThat(bind(Map.of()).budget("PT2.5S")).isEqualTo(Duration.ofMillis(2500));
        assertThat(bind(Map.of()).budget(null)).isEqualTo(Duration.ofSeconds(30));
    }

    private static void refuses(String name, String value, String complaint) {
        assertThatThrownBy(() -> bind(Map.of("outrider.ingest.request." + name, value)))
                .rootCause()
                .hasMessageContaining(complaint);
    }

    private static RequestProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("outrider.ingest.request", RequestProperties.class);
    }
}
