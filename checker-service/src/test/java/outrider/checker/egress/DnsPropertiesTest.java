package outrider.checker.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DnsPropertiesTest {

    @Test
    void defaults_ask_the_resolver_of_the_machine() {
        assertThat(bind(Map.of())).isEqualTo(new DnsProperties(null, Duration.ofSeconds(3)));
    }

    @Test
    void every_setting_is_read() {
        assertThat(bind(Map.of("outrider.dns.resolver", "[::1]:5353", "outrider.dns.timeout", "1s")))
                .isEqualTo(new DnsProperties("[::1]:5353", Duration.ofSeconds(1)));
        assertThat(DnsProperties.address("127.0.0.1").getPort()).isEqualTo(53);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "127.0.0.1:x", "127.0.0.1:70000", ":53"})
    void nonsense_is_rejected_with_a_reason(String resolver) {
        assertThatThrownBy(() -> bind(Map.of("outrider.dns.resolver", resolver)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bind(Map.of("outrider.dns.timeout", "0s")))
                .rootCause()
                .hasMessageContaining("timeout");
    }

    private static DnsProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("outrider.dns", DnsProperties.class);
    }
}
