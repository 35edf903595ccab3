package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import outrider.insight.CheckId;

class CheckPropertiesTest {

    @Test
    void defaults_wait_seconds_and_look_at_a_few() {
        assertThat(bind(Map.of())).isEqualTo(looking(Duration.ofSeconds(20), 4));
    }

    @Test
    void every_setting_is_read() {
        assertThat(bind(Map.of(
                        "outrider.checks.look-timeout", "5s",
                        "outrider.checks.parallel-looks", "9",
                        "outrider.checks.disabled", "dns.spf, tls.chain",
                        "outrider.checks.publish-every", "1m")))
                .isEqualTo(new CheckProperties(
                        Duration.ofSeconds(5),
                        9,
                        Set.of(new CheckId("dns.spf"), new CheckId("tls.chain")),
                        Duration.ofMinutes(1)));
    }

    @Test
    void nonsense_is_rejected_with_a_reason() {
        assertThatThrownBy(() -> bind(Map.of("outrider.checks.look-timeout", "-1s")))
                .rootCause()
                .hasMessageContaining("look-timeout must be more than zero");
        assertThatThrownBy(() -> bind(Map.of("outrider.checks.parallel-looks", "0")))
                .rootCause()
                .hasMessageContaining("parallel-looks must be 1 or more");
        assertThatThrownBy(() -> bind(Map.of("outrider.checks.publish-every", "1h")))
                .rootCause()
                .hasMessageContaining("publish-every must be more than 0s and at most 20m");
        assertThatThrownBy(() -> bind(Map.of("outrider.checks.disabled", "spf")))
                .rootCause()
                .hasMessageContaining("a check id looks like");
    }

    /// With all checks.
    static CheckProperties looking(Duration lookTimeout, int parallelLooks) {
        return new CheckProperties(lookTimeout, parallelLooks, Set.of(), Duration.ofMinutes(5));
    }

    private static CheckProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("outrider.checks", CheckProperties.class);
    }
}
