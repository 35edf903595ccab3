package outrider.checker.check.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import outrider.checker.check.Judge;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Identity;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;

/// Whatever a server shows for a certificate is read and judged without an exception, in bounded time.
class CertificatePropertiesTest {

    private static final CertificateAuthority ROOT = CertificateAuthority.root("Root", KeyKind.EC_P256);
    private static final Identity IDENTITY =
            ROOT.intermediate("Below").issue(Leaf.named("www.example.com", "*.example.com", "192.0.2.7"));
    private static final PathFinder PATHS = new PathFinder(Presented.trusting(ROOT.pem()));

    @Property(tries = 3000)
    void a_damaged_certificate(@ForAll @Size(min = 1, max = 6) List<Integer> places, @ForAll byte value)
            throws Exception {
        var bytes = der(IDENTITY.certificate());
        for (var place : places) {
            bytes[Math.floorMod(place, bytes.length)] ^= (byte) (value == 0 ? 1 : value);
        }

        judge(bytes);
    }

    @Property
    void a_certificate_cut_short_or_made_longer(@ForAll int length) throws Exception {
        var bytes = der(IDENTITY.certificate());

        judge(Arrays.copyOf(bytes, Math.floorMod(length, 2 * bytes.length)));
    }

    @Property
    void any_bytes(@ForAll byte[] bytes) throws Exception {
        judge(bytes);
    }

    /// As deep as a download of an authority's certificate may be, of definite and indefinite length.
    @Property(tries = 20)
    void nested_without_end(@ForAll boolean definite) {
        var deep = new byte[64 * 1024];
        for (var i = 0; i + 4 <= deep.length; i += 4) {
            var left = deep.length - i - 4;
            deep[i] = 0x30;
            deep[i + 1] = (byte) (definite ? 0x82 : 0x80);
            deep[i + 2] = (byte) (definite ? left >> 8 : 0x30);
            deep[i + 3] = (byte) (definite ? left : 0x80);
        }

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> judge(deep));
    }

    /// As the platform reads what comes in a handshake, and as we read what an authority publishes.
    private static void judge(byte[] bytes) throws InterruptedException {
        assertThat(TrustSearch.parse(bytes)).isNotNull();
        X509Certificate leaf;
        try {
            leaf = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
        } catch (CertificateException | RuntimeException | StackOverflowError e) {
            // Then there was no handshake, and nothing to judge.
            return;
        }
        var chain = List.of(leaf, IDENTITY.chain().get(1));
        var trust = PATHS.find(leaf, chain, Instant.now())
                .<ChainTrust>map(ChainTrust.Trusted::new)
                .orElseGet(ChainTrust.Untrusted::new);
        var seen =
                Presented.by(ROOT, "https://www.example.com").edge(chain, trust).seen();
        for (var check : List.<Judge<TlsObservation>>of(new CertExpiryCheck(), new HostnameCheck(), new ChainCheck())) {
            assertThat(check.judge(seen)).isNotNull();
        }
        Issuers.missing(leaf, chain).flatMap(Issuers::publishedAt);
    }

    private static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
