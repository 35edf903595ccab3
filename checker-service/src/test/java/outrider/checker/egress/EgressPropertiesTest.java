package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class EgressPropertiesTest {

    @Test
    void defaults_refuse_what_is_reserved_and_wait_seconds() {
        var properties = bind(Map.of());

        assertThat(properties.allow()).isEmpty();
        assertThat(properties.exchangeTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(properties.effectiveUserAgent()).startsWith("Outrider/");
    }

    @Test
    void every_setting_is_read() {
        var properties = bind(Map.of(
                "outrider.egress.allow", "127.0.0.0/8,::1",
                "outrider.egress.deny", "127.0.0.9",
                "outrider.egress.cluster", "10.96.0.0/12",
                "outrider.egress.own", "db:5432,http://grafana",
                "outrider.egress.contact", "https://scans.example/about",
                "outrider.egress.connect-timeout", "1s",
                "outrider.egress.read-timeout", "2s",
                "outrider.egress.exchange-timeout", "3s"));

        assertThat(properties)
                .isEqualTo(new EgressProperties(
                        List.of(IpRange.of("127.0.0.0/8"), IpRange.of("::1")),
                        List.of(IpRange.of("127.0.0.9")),
                        List.of(IpRange.of("10.96.0.0/12")),
                        List.of("db:5432", "http://grafana"),
                        URI.create("https://scans.example/about"),
                        null,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3)));
        assertThat(properties.effectiveUserAgent()).endsWith(" (+https://scans.example/about)");
        assertThat(bind(Map.of("outrider.egress.user-agent", "Mine/1")).effectiveUserAgent())
                .isEqualTo("Mine/1");
    }

    /// As a variable that is set to nothing has it.
    @Test
    void what_is_empty_is_not_given() {
        var properties = bind(Map.of(
                "outrider.egress.allow", "",
                "outrider.egress.cluster", "",
                "outrider.egress.own", "db:5432,",
                "outrider.egress.contact", "",
                "outrider.egress.user-agent", ""));

        assertThat(properties.allow()).isEmpty();
        assertThat(properties.cluster()).isEmpty();
        assertThat(properties.own()).containsExactly("db:5432");
        assertThat(properties.isAnonymous()).isTrue();
    }

    @Test
    void nonsense_is_rejected_with_a_reason() {
        assertRejected("allow", "10.0.0.1/8", "bits set beyond its prefix length");
        assertRejected("deny", "localhost", "no address range");
        assertRejected("cluster", "10.96.0.1/12", "bits set beyond its prefix length");
        assertRejected("own", "db", "its port is missing");
        assertRejected("own", "db:99999", "99999 is no port");
        assertRejected("contact", "mailto:a@example.com", "http or https");
        assertRejected("user-agent", "a\r\nHost: b", "printable ASCII");
        assertRejected("connect-timeout", "0s", "more than zero");
        assertRejected("exchange-timeout", "1s", "must not be less");
    }

    private static void assertRejected(String name, String value, String reason) {
        assertThatThrownBy(() -> bind(Map.of("outrider.egress." + name, value)))
                .rootCause()
                .hasMessageContaining(reason);
    }

    private static EgressProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("outrider.egress", EgressProperties.class);
    }
}
