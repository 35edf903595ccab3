package outrider.checker.check.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import outrider.checker.egress.Egress;
import outrider.checker.egress.HttpFetcher;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;

class TrustSearchTest {

    private final LoopbackDns dns =
            LoopbackDns.start(0).zone(".", "").zone("ca.test", "@ A 127.0.0.1\ninner A 10.0.0.1");
    private final LoopbackSite site = LoopbackSite.http(0);
    private final HttpFetcher fetcher = Egress.fetcher(dns.address());
    private final KeyPair keys = keys();
    private final X509Certificate root = certificate("Root", "Root", true, null);

    private TrustSearch search = new TrustSearch(new PathFinder(new TrustStore(new TrustProperties(null))), fetcher);

    @BeforeEach
    void trustTheRoot() throws Exception {
        var pem = "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                .formatted(Base64.getMimeEncoder().encodeToString(root.getEncoded()));
        search = new TrustSearch(new PathFinder(Presented.trusting(pem)), fetcher);
    }

    @AfterEach
    void stop() throws IOException {
        site.close();
        dns.close();
    }

    @Test
    void a_whole_chain_is_trusted_without_asking() throws Exception {
        var below = certificate("Below", "Root", true, null);
        var leaf = certificate("a.test", "Below", false, site.url("ca.test") + "/below.cer");

        assertThat(search.of(List.of(leaf, below), Instant.now()))
                .isEqualTo(new ChainTrust.Trusted(List.of(leaf, below)));
        assertThat(site.requests()).isEmpty();
    }

    @Test
    void what_the_server_left_out_is_fetched_from_its_authority() throws Exception {
        var upper = certificate("Upper", "Root", true, null);
        var below = certificate("Below", "Upper", true, site.url("ca.test") + "/upper.cer");
        var leaf = certificate("a.test", "Below", false, site.url("ca.test") + "/below.cer");
        site.answer("/upper.cer", der(upper)).answer("/below.cer", der(below));

        assertThat(search.of(List.of(leaf), Instant.now()))
                .isEqualTo(new ChainTrust.Incomplete(List.of(leaf, below, upper)));
        assertThat(site.requests()).hasSize(2);
    }

    @Test
    void an_authority_that_does_not_help_leaves_it_untrusted() throws Exception {
        var leaf = certificate("a.test", "Below", false, site.url("ca.test") + "/below.cer");
        site.answer("/below.cer", Behaviour.page("no certificate"));
        assertThat(search.of(List.of(leaf), Instant.now())).isEqualTo(new ChainTrust.Untrusted());

        site.answer("/below.cer", new Behaviour.Answer(404, Map.of(), ""));
        assertThat(search.of(List.of(leaf), Instant.now())).isEqualTo(new ChainTrust.Untrusted());

        site.answer("/below.cer", der(certificate("Stranger", "Stranger", true, null)));
        assertThat(search.of(List.of(leaf), Instant.now())).isEqualTo(new ChainTrust.Untrusted());
    }

    @Test
    void an_authority_in_trouble_leaves_it_open() throws Exception {
        var leaf = certificate("a.test", "Below", false, site.url("ca.test") + "/below.cer");
        site.answer("/below.cer", new Behaviour.Answer(503, Map.of(), ""));
        assertThat(search.of(List.of(leaf), Instant.now())).isInstanceOf(ChainTrust.Unclear.class);

        site.answer("/below.cer", new Behaviour.Hang());
        assertThat(search.of(List.of(leaf), Instant.now())).isInstanceOf(ChainTrust.Unclear.class);
    }

    @Test
    void an_address_that_the_guard_refuses_is_not_asked() throws Exception {
        for (var address :
                List.of("http://inner.ca.test/", "http://169.254.169.254/", "ldap://ca.test/", "https://ca.test/")) {
            var leaf = certificate("a.test", "Below", false, address);
            assertThat(search.of(List.of(leaf), Instant.now())).as(address).isEqualTo(new ChainTrust.Untrusted());
        }
    }

    @Test
    void a_certificate_without_an_address_or_that_vouches_for_itself_is_not_asked_about() throws Exception {
        var anonymous = certificate("a.test", "Below", false, null);
        assertThat(search.of(List.of(anonymous), Instant.now())).isEqualTo(new ChainTrust.Untrusted());

        var own = CertificateAuthority.selfSigned(Leaf.named("a.test"));
        assertThat(search.of(own.chain(), Instant.now())).isEqualTo(new ChainTrust.Untrusted());
        assertThat(site.requests()).isEmpty();
    }

    /// All with one key: only names and extensions matter here.
    private X509Certificate certificate(String subject, String issuer, boolean authority, String publishedAt) {
        try {
            var now = Instant.now();
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Principal("CN=" + issuer),
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(now.minus(Duration.ofDays(1))),
                    Date.from(now.plus(Duration.ofDays(90))),
                    new X500Principal("CN=" + subject),
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (publishedAt != null) {
                builder.addExtension(
                        Extension.authorityInfoAccess, false, new AuthorityInformationAccess(new AccessDescription[] {
                            new AccessDescription(
                                    AccessDescription.id_ad_ocsp,
                                    new GeneralName(GeneralName.uniformResourceIdentifier, "http://ocsp.ca.test/")),
                            new AccessDescription(
                                    AccessDescription.id_ad_caIssuers,
                                    new GeneralName(GeneralName.uniformResourceIdentifier, publishedAt))
                        }));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Behaviour der(X509Certificate certificate) throws Exception {
        var bytes = new String(certificate.getEncoded(), StandardCharsets.ISO_8859_1);
        return new Behaviour.Raw("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(bytes.length(), bytes));
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
