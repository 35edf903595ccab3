package outrider.checker.check.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.KeyKind;

class TrustPropertiesTest {

    private final CertificateAuthority authority = CertificateAuthority.root("Own", KeyKind.EC_P256);

    @Test
    void without_a_file_the_roots_of_the_platform_are_trusted() {
        var store = new TrustStore(bind(Map.of()));

        assertThat(store.anchors()).isNotEmpty();
        assertThat(store.has(authority.certificate())).isFalse();
    }

    @Test
    void the_roots_of_the_file_come_on_top(@TempDir Path folder) throws IOException {
        var other = CertificateAuthority.root("Other", KeyKind.EC_P256);
        var file = Files.writeString(folder.resolve("ca.pem"), authority.pem() + other.pem());

        var store = new TrustStore(bind(Map.of("outrider.trust", file.toString())));

        assertThat(store.has(authority.certificate())).isTrue();
        assertThat(store.has(other.certificate())).isTrue();
        assertThat(store.anchors()).hasSizeGreaterThan(2);
    }

    @Test
    void a_file_without_certificates_is_rejected_with_a_reason(@TempDir Path folder) throws IOException {
        for (var text : new String[] {"", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
            var file = Files.writeString(folder.resolve("ca.pem"), text);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new TrustStore(new TrustProperties(file)))
                    .withMessageContaining("outrider.trust: " + file);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrustStore(new TrustProperties(folder.resolve("none"))))
                .withMessageContaining("outrider.trust");
    }

    private static TrustProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("outrider", TrustProperties.class);
    }
}
