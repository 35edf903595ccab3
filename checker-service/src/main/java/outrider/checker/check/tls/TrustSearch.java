package outrider.checker.check.tls;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.HttpFetcher;
import outrider.checker.egress.Trouble.Kind;

/// Decides whether a chain is trusted, and where it is not, asks the authority for what the server may have left out
/// (RFC 5280, section 4.2.2.1), as some browsers do.
final class TrustSearch {

    /// Two authorities between server and root are common; more fetches would be somebody's game.
    private static final int MAX_FETCHES = 2;

    private static final int MAX_CERTIFICATE = 64 * 1024;

    private final PathFinder paths;
    private final HttpFetcher http;

    TrustSearch(PathFinder paths, HttpFetcher http) {
        this.paths = paths;
        this.http = http;
    }

    ChainTrust of(List<X509Certificate> chain, Instant now) throws InterruptedException {
        var leaf = chain.getFirst();
        var sent = paths.find(leaf, chain, now);
        if (sent.isPresent()) {
            return new ChainTrust.Trusted(sent.get());
        }
        var known = new ArrayList<>(chain);
        for (var fetches = 0; fetches < MAX_FETCHES; fetches++) {
            var address = Issuers.missing(leaf, known).flatMap(Issuers::publishedAt);
            if (address.isEmpty()) {
                break;
            }
            switch (fetch(address.get())) {
                case Issuer.Unclear(var why) -> {
                    return new ChainTrust.Unclear(why);
                }
                case Issuer.None none -> {
                    return new ChainTrust.Untrusted();
                }
                case Issuer.Certificates(var certificates) -> known.addAll(certificates);
            }
            var completed = paths.find(leaf, known, now);
            if (completed.isPresent()) {
                return new ChainTrust.Incomplete(completed.get());
            }
        }
        return new ChainTrust.Untrusted();
    }

    sealed interface Issuer {

        record Certificates(List<X509Certificate> certificates) implements Issuer {}

        record None() implements Issuer {}

        record Unclear(String why) implements Issuer {}
    }

    private Issuer fetch(URI address) throws InterruptedException {
        return switch (http.fetch(address, MAX_CERTIFICATE)) {
            case Fetched.Response response
            when response.status() == 200 && response.truncated() ->
                new Issuer.Unclear("its authority did not send its certificate in full");
            case Fetched.Response response when response.status() == 200 -> parse(response.body());
            case Fetched.Response response
            when response.status() >= 500 || response.status() == 429 ->
                new Issuer.Unclear(
                        "its authority answered %d when asked for its certificate".formatted(response.status()));
            case Fetched.Response response -> new Issuer.None();
            // A private authority names an address that only its own network knows: that is no accident of the day.
            case Fetched.Failed(var url, var trouble)
            when trouble.kind() == Kind.REFUSED_BY_GUARD || trouble.kind() == Kind.NO_ADDRESS -> new Issuer.None();
            case Fetched.Failed(var url, var trouble) ->
                new Issuer.Unclear("its authority could not be asked for its certificate: " + trouble.reason());
        };
    }

    static Issuer parse(byte[] body) {
        try {
            // One certificate, or a bundle of them in PKCS #7.
            var certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(body))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .limit(10)
                            .toList();
            return certificates.isEmpty() ? new Issuer.None() : new Issuer.Certificates(certificates);
        } catch (CertificateException | RuntimeException | StackOverflowError e) {
            // The platform's parser descends as deep as the bytes do, and not all that it throws is declared.
            return new Issuer.None();
        }
    }
}
