package outrider.insights.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class HistoryPropertiesTest {

    @Test
    void has_defaults() {
        assertThat(bind(Map.of())).isEqualTo(new HistoryProperties(Duration.ofDays(400), 2, Duration.ofMinutes(10)));
    }

    @Test
    void reads_all() {
        assertThat(bind(Map.of(
                        "outrider.history.retain", "90d",
                        "outrider.history.months-ahead", "3",
                        "outrider.history.interval", "1h")))
                .isEqualTo(new HistoryProperties(Duration.ofDays(90), 3, Duration.ofHours(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "retain, 1h, outrider.history.retain must be 1 to 36500 days",
        "months-ahead, 0, outrider.history.months-ahead must be 1 to 24",
        "interval, 2d, outrider.history.interval must be more than 0s and at most 1d"
    })
    void refuses_what_makes_no_sense(String name, String value, String complaint) {
        assertThatThrownBy(() -> bind(Map.of("outrider.history." + name, value)))
                .rootCause()
                .hasMessageContaining(complaint);
    }

    private static HistoryProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("outrider.history", HistoryProperties.class);
    }
}
