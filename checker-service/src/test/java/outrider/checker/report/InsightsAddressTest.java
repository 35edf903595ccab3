package outrider.checker.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class InsightsAddressTest {

    private static final String TOKEN = "outrider.tokens.bearer";

    @Test
    void by_default_it_is_on_this_machine() {
        var insights = bind(Map.of(TOKEN, "token")).insights();

        assertThat(insights.url()).containsExactly(URI.create("http://127.0.0.1:8080"));
        assertThat(insights.passOver()).isEqualTo(Duration.ofSeconds(30));
        assertThat(insights.connectionAge()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void regions_stand_one_after_the_other() {
        var address = bind(Map.of(
                TOKEN,
                "token",
                "outrider.insights.url",
                "http://insights-api:8080, https://insights.west.example",
                "outrider.insights.pass-over",
                "5s",
                "outrider.insights.connection-age",
                "10m"));

        assertThat(address.insights().url())
                .containsExactly(URI.create("http://insights-api:8080"), URI.create("https://insights.west.example"));
        assertThat(address.insights().passOver()).isEqualTo(Duration.ofSeconds(5));
        assertThat(address.insights().connectionAge()).isEqualTo(Duration.ofMinutes(10));
        assertThat(address.tokens().bearer()).isEqualTo(Path.of("token"));
    }

    @ParameterizedTest
    @CsvSource({
        "outrider.insights.url, insights-api:8080, must be an http or https address",
        "outrider.insights.url, 'http://one:8080,ftp://two', must be an http or https address",
        "outrider.insights.url, 'http://one:8080,http://one:8080', names an address twice",
        "outrider.insights.pass-over, 0s, must be more than zero",
        "outrider.insights.connection-age, -1s, must be more than zero",
        "outrider.tokens.bearer, '', outrider.tokens.bearer must name the file"
    })
    void nonsense_is_refused_by_its_name(String name, String value, String why) {
        assertThatThrownBy(() -> bind(name.equals(TOKEN) ? Map.of() : Map.of(TOKEN, "token", name, value)))
                .rootCause()
                .hasMessageContaining(why)
                .hasMessageContaining(name.substring(0, name.lastIndexOf('.')));
    }

    private static InsightsAddress bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("outrider", InsightsAddress.class);
    }
}
