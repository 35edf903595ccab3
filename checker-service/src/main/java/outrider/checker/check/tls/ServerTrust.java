package outrider.checker.check.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Whether a client that cares would go on with a connection, for checks that mean something only where it would.
@Component
public final class ServerTrust {

    private final PathFinder paths;

    public ServerTrust(TrustStore roots) {
        this.paths = new PathFinder(roots);
    }

    /// What such a client would object to in the chain of the host, as a phrase to put after "the certificate"; empty
    /// if
    /// nothing.
    public Optional<String> objection(List<X509Certificate> chain, String host, Instant now) {
        var leaf = chain.getFirst();
        var today = Date.from(now);
        if (today.after(leaf.getNotAfter()) || today.before(leaf.getNotBefore())) {
            return Optional.of("is not valid now");
        }
        try {
            if (!CertificateNames.of(leaf).cover(host)) {
                return Optional.of("is not for this host");
            }
        } catch (CertificateParsingException e) {
            return Optional.of("cannot be read");
        }
        return paths.findAt(leaf, chain, now).isPresent() ? Optional.empty() : Optional.of("is not trusted");
    }
}
