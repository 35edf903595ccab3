package outrider.checker.check.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import outrider.checker.check.tls.TlsObservation.Edge;
import outrider.checker.egress.HelloAnswer;
import outrider.checker.egress.TlsEdge;
import outrider.checker.egress.TlsVersion;
import outrider.checker.egress.Trouble;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Identity;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;
import outrider.scan.Endpoint;

/// Builds what was seen of an endpoint out of certificates, without a network.
final class Presented {

    private final TrustStore roots;
    private final Endpoint endpoint;
    private final List<Edge> edges = new ArrayList<>();
    private Instant at = Instant.now();
    private Optional<Endpoint> plainSite = Optional.empty();

    private Presented(TrustStore roots, String endpoint) {
        this.roots = roots;
        this.endpoint = Endpoint.of(endpoint);
    }

    static Presented by(CertificateAuthority trusted, String endpoint) {
        return new Presented(trusting(trusted.pem()), endpoint);
    }

    static Presented by(String endpoint) {
        return by(CertificateAuthority.root("Root", KeyKind.EC_P256), endpoint);
    }

    static TrustStore trusting(String pem) {
        try {
            var file = Files.createTempFile("trust", ".pem");
            try {
                Files.writeString(file, pem);
                return new TrustStore(new TrustProperties(file));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Presented at(Instant time) {
        at = time;
        return this;
    }

    Presented edge(Identity identity) {
        return edge(identity.chain());
    }

    Presented edge(List<X509Certificate> chain) {
        var trust = new PathFinder(roots)
                .find(chain.getFirst(), chain, at)
                .<ChainTrust>map(ChainTrust.Trusted::new)
                .orElseGet(ChainTrust.Untrusted::new);
        return edge(chain, trust);
    }

    Presented edge(List<X509Certificate> chain, ChainTrust trust) {
        return edge(chain, trust, Map.of());
    }

    /// Any certificate will do.
    Presented edge(Map<TlsVersion, HelloAnswer> answers) {
        var identity = CertificateAuthority.selfSigned(Leaf.named("any.test"));
        return edge(identity.chain(), new ChainTrust.Untrusted(), answers);
    }

    private Presented edge(List<X509Certificate> chain, ChainTrust trust, Map<TlsVersion, HelloAnswer> answers) {
        edges.add(new Edge.Seen(new TlsEdge.Presented(nextAddress(), chain, answers), trust));
        return this;
    }

    Presented fails(Trouble.Kind kind, String reason) {
        return fails(kind, reason, Map.of());
    }

    Presented fails(Trouble.Kind kind, String reason, Map<TlsVersion, HelloAnswer> answers) {
        edges.add(new Edge.Unseen(
                new TlsEdge.Failed(nextAddress().getHostAddress(), new Trouble(kind, reason), answers)));
        return this;
    }

    Presented besidePlainSite(String site) {
        plainSite = Optional.of(Endpoint.of(site));
        return this;
    }

    TlsObservation seen() {
        return new TlsObservation(endpoint, at, edges, plainSite);
    }

    private InetAddress nextAddress() {
        return InetAddress.ofLiteral("192.0.2." + (edges.size() + 1));
    }
}
