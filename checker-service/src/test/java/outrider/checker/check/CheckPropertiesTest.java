package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CheckPropertiesTest {

    @Test
    void defaults_wait_seconds_and_look_at_a_few() {
        assertThat(bind(Map.of())).isEqualTo(new CheckProperties(Duration.ofSeconds(20), 4));
    }

    @Test
    void every_setting_is_read() {
        assertThat(bind(Map.of("outrider.checks.look-timeout", "5s", "outrider.checks.parallel-looks", "9")))
                .isEqualTo(new CheckProperties(Duration.ofSeconds(5), 9));
    }

    @Test
    void nonsense_is_rejected_with_a_reason() {
        assertThatThrownBy(() -> bind(Map.of("outrider.checks.look-timeout", "-1s")))
                .rootCause()
                .hasMessageContaining("look-timeout must be more than zero");
        assertThatThrownBy(() -> bind(Map.of("outrider.checks.parallel-looks", "0")))
                .rootCause()
                .hasMessageContaining("parallel-looks must be 1 or more");
    }

    private static CheckProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("outrider.checks", CheckProperties.class);
    }
}
