package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DispatchPropertiesTest {

    @Test
    void has_defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new DispatchProperties(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        Duration.ofHours(6),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(60),
                        Duration.ofHours(4),
                        Duration.ofHours(24),
                        5_000,
                        1_000));
    }

    @Test
    void reads_every_setting() {
        var settings = Map.of(
                "claim-lease",
                "1s",
                "check-after",
                "2s",
                "lost-after",
                "7s",
                "sweep-every",
                "4s",
                "fast-budget",
                "5s",
                "slow-budget",
                "6s",
                "interactive-expires-after",
                "8s",
                "on-demand-per-hour",
                "10",
                "max-scans-per-request",
                "9");

        assertThat(bind(settings))
                .isEqualTo(new DispatchProperties(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(8),
                        10,
                        9));
    }

    @ParameterizedTest
    @CsvSource({"claim-lease, 0s", "lost-after, 4h", "max-scans-per-request, 0", "on-demand-per-hour, 0"})
    void refuses_nonsense(String setting, String value) {
        assertThatThrownBy(() -> bind(Map.of(setting, value)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("outrider.dispatch." + setting);
    }

    private static DispatchProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("", DispatchProperties.class);
    }
}
