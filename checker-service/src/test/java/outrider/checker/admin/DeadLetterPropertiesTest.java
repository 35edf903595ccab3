package outrider.checker.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DeadLetterPropertiesTest {

    @Test
    void have_defaults() {
        assertThat(bind(Map.of())).isEqualTo(new DeadLetterProperties(10_000, Duration.ofSeconds(10)));
    }

    @Test
    void take_what_is_given() {
        assertThat(bind(Map.of(
                        "outrider.dead-letters.most-examined", "7",
                        "outrider.dead-letters.longest", "3s")))
                .isEqualTo(new DeadLetterProperties(7, Duration.ofSeconds(3)));
    }

    @Test
    void refuse_what_would_never_find_anything() {
        assertThatThrownBy(() -> new DeadLetterProperties(0, Duration.ofSeconds(1)))
                .hasMessageContaining("most-examined");
        assertThatThrownBy(() -> new DeadLetterProperties(1, Duration.ZERO)).hasMessageContaining("longest");
    }

    private static DeadLetterProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("outrider.dead-letters", DeadLetterProperties.class);
    }
}
