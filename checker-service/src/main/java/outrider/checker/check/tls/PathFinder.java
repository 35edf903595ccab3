package outrider.checker.check.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Finds the way from a server's certificate to a trusted root, whatever order and surplus the server sent.
final class PathFinder {

    private static final Duration MOMENT = Duration.ofMinutes(1);

    private final TrustStore roots;

    PathFinder(TrustStore roots) {
        this.roots = roots;
    }

    /// A path that holds now, else one that held when the certificates did: that they have run out is another check's
    /// business.
    Optional<List<X509Certificate>> find(X509Certificate leaf, Collection<X509Certificate> others, Instant now) {
        var all = new LinkedHashSet<>(others);
        all.add(leaf);
        return findAt(leaf, all, now)
                .or(() -> findAt(leaf, all, within(all, now)))
                .or(() -> findAt(leaf, all, within(List.of(leaf), now)));
    }

    /// A path that holds at that time.
    Optional<List<X509Certificate>> findAt(X509Certificate leaf, Collection<X509Certificate> others, Instant at) {
        if (roots.has(leaf)) {
            return Optional.of(List.of(leaf));
        }
        try {
            var target = new X509CertSelector();
            target.setCertificate(leaf);
            var parameters = new PKIXBuilderParameters(roots.anchors(), target);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(others)));
            return Optional.of(
                    CertPathBuilder.getInstance("PKIX").build(parameters).getCertPath().getCertificates().stream()
                            .map(X509Certificate.class::cast)
                            .toList());
        } catch (CertPathBuilderException | InvalidAlgorithmParameterException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform can build PKIX paths", e);
        }
    }

    /// The time nearest to now at which all of them held, if there was one: a moment before the first ran out, because
    /// authorities like to let everything end with their root.
    private static Instant within(Collection<X509Certificate> certificates, Instant now) {
        var time = now;
        for (var certificate : certificates) {
            var end = certificate.getNotAfter().toInstant().minus(MOMENT);
            time = time.isAfter(end) ? end : time;
        }
        for (var certificate : certificates) {
            var begin = certificate.getNotBefore().toInstant();
            time = time.isBefore(begin) ? begin : time;
        }
        return time;
    }
}
