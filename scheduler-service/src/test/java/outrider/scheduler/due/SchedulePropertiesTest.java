package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SchedulePropertiesTest {

    @Test
    void has_defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new ScheduleProperties(
                        Duration.ofMillis(500),
                        500,
                        1,
                        200,
                        100,
                        1.2,
                        Duration.ofMinutes(15),
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(5)));
    }

    @Test
    void reads_every_setting() {
        var settings = Map.of(
                "tick",
                "1s",
                "batch",
                "2",
                "min-per-second",
                "3",
                "max-per-second",
                "4",
                "burst",
                "5",
                "buffer",
                "6",
                "catch-up",
                "7m",
                "recompute",
                "8s",
                "recount",
                "9m");

        assertThat(bind(settings))
                .isEqualTo(new ScheduleProperties(
                        Duration.ofSeconds(1),
                        2,
                        3,
                        4,
                        5,
                        6,
                        Duration.ofMinutes(7),
                        Duration.ofSeconds(8),
                        Duration.ofMinutes(9)));
    }

    @ParameterizedTest
    @CsvSource({
        "batch, 0",
        "burst, 0",
        "min-per-second, 0",
        "max-per-second, 0.5",
        "buffer, 0.9",
        "tick, 0s",
        "catch-up, -1s"
    })
    void refuses_nonsense(String setting, String value) {
        assertThatThrownBy(() -> bind(Map.of(setting, value)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outrider.schedule");
    }

    private static ScheduleProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("", ScheduleProperties.class);
    }
}
