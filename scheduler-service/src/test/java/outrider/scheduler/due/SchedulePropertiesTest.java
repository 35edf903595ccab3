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
                        new ScheduleProperties.CatchUp(Duration.ofMinutes(2), 3, 20),
                        Duration.ofMinutes(5),
                        1_000,
                        0.99,
                        new ScheduleProperties.Slow(5_000, Duration.ofSeconds(25)),
                        Map.of(),
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(10)));
    }

    @Test
    void reads_every_setting() {
        var settings = Map.ofEntries(
                Map.entry("tick", "1s"),
                Map.entry("batch", "2"),
                Map.entry("min-per-second", "3"),
                Map.entry("max-per-second", "4"),
                Map.entry("burst", "5"),
                Map.entry("buffer", "6"),
                Map.entry("catch-up.within", "7m"),
                Map.entry("catch-up.most-times", "8"),
                Map.entry("catch-up.at-least", "9"),
                Map.entry("most-lane-age", "10m"),
                Map.entry("newcomers-at-once", "11"),
                Map.entry("objective", "0.5"),
                Map.entry("slow.records", "15"),
                Map.entry("slow.after", "16s"),
                Map.entry("requests-per-scan.dns", "12"),
                Map.entry("recompute", "13s"),
                Map.entry("recount", "14m"),
                Map.entry("retire-after", "17m"));

        assertThat(bind(settings))
                .isEqualTo(new ScheduleProperties(
                        Duration.ofSeconds(1),
                        2,
                        3,
                        4,
                        5,
                        6,
                        new ScheduleProperties.CatchUp(Duration.ofMinutes(7), 8, 9),
                        Duration.ofMinutes(10),
                        11,
                        0.5,
                        new ScheduleProperties.Slow(15, Duration.ofSeconds(16)),
                        Map.of("dns", 12.0),
                        Duration.ofSeconds(13),
                        Duration.ofMinutes(14),
                        Duration.ofMinutes(17)));
    }

    @ParameterizedTest
    @CsvSource({
        "batch, 0",
        "burst, 0",
        "min-per-second, 0",
        "max-per-second, 0.5",
        "buffer, 0.9",
        "tick, 0s",
        "newcomers-at-once, 0",
        "objective, 1.1",
        "slow.records, 0",
        "most-lane-age, 0s",
        "catch-up.within, -1s",
        "catch-up.most-times, 0.5",
        "catch-up.at-least, -1"
    })
    void refuses_nonsense(String setting, String value) {
        assertThatThrownBy(() -> bind(Map.of(setting, value)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outrider.schedule");
    }

    static ScheduleProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("", ScheduleProperties.class);
    }
}
