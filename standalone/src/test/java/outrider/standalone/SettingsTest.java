package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsTest {
    @Test
    void without_any_word_it_is_the_usual_ports_of_this_machine() {
        var settings = Settings.of(Map.of());

        assertThat(settings.url(Service.INSIGHTS)).isEqualTo("http://localhost:8080");
        assertThat(settings.url(Service.SCHEDULER)).isEqualTo("http://localhost:8081");
        assertThat(settings.url(Service.CHECKER)).isEqualTo("http://localhost:8082");
        assertThat(settings.address()).isEqualTo("127.0.0.1");
        assertThat(settings.home().root()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(settings.demo()).isFalse();
    }

    @Test
    void everything_can_be_set() {
        var environment =
                Map.of("OUTRIDER_HOME", "/srv/o", "OUTRIDER_ADDRESS", "0.0.0.0", "OUTRIDER_CHECKER_PORT", " 9082 ");
        var settings = Settings.of(environment, "--demo");

        assertThat(settings.port(Service.CHECKER)).isEqualTo(9082);
        assertThat(settings.address()).isEqualTo("0.0.0.0");
        assertThat(settings.home().adminToken()).isEqualTo(Path.of("/srv/o/admin.token"));
        assertThat(settings.demo()).isTrue();
    }

    @Test
    void a_port_that_is_none_is_refused_by_its_name() {
        refused(Map.of("OUTRIDER_INSIGHTS_PORT", "http"), "OUTRIDER_INSIGHTS_PORT must be a port from 1 to 65535");
        refused(Map.of("OUTRIDER_CHECKER_PORT", "65536"), "OUTRIDER_CHECKER_PORT must be a port from 1 to 65535");
        refused(Map.of("OUTRIDER_CHECKER_PORT", "8080"), "Two services were given the same port");
    }

    private static void refused(Map<String, String> environment, String sentence) {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> Settings.of(environment))
                .withMessageStartingWith(sentence);
    }
}
