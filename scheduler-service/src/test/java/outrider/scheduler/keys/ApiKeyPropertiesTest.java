package outrider.scheduler.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ApiKeyPropertiesTest {

    @Test
    void has_defaults() {
        assertThat(bind(Map.of())).isEqualTo(new ApiKeyProperties(null, Duration.ofMinutes(15), Duration.ofDays(400)));
    }

    @Test
    void reads_every_setting() {
        assertThat(bind(Map.of(
                        "outrider.keys.signing", "/run/key.json",
                        "outrider.keys.token-validity", "5m",
                        "outrider.keys.longest", "30d")))
                .isEqualTo(new ApiKeyProperties(Path.of("/run/key.json"), Duration.ofMinutes(5), Duration.ofDays(30)));
    }

    @ParameterizedTest
    @CsvSource({"token-validity, 59s", "token-validity, 25h", "longest, 14m"})
    void refuses_nonsense(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of("outrider.keys." + name, value)))
                .rootCause()
                .hasMessageContaining("outrider.keys." + name);
    }

    private static ApiKeyProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("outrider.keys", ApiKeyProperties.class);
    }
}
