package outrider.checker.check.tls;

import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.tls.TlsObservation.Edge;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `tls.chain`: does the certificate lead to a trusted root, with what the server sends, and with keys and signatures
/// that nobody can forge? When it runs out is another check's business.
final class ChainCheck implements Judge<TlsObservation> {

    private static final CheckId ID = new CheckId("tls.chain");
    private static final int LEAST_RSA_BITS = 2048;
    private static final int LEAST_EC_BITS = 256;
    private static final List<String> SERVER_USES = List.of("1.3.6.1.5.5.7.3.1", "2.5.29.37.0");

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(TlsObservation seen) {
        return Edges.judge(seen, ChainCheck::judge);
    }

    private static Verdict judge(Edge.Seen edge) {
        var leaf = edge.presented().leaf();
        var problems = new ArrayList<Problem>();
        List<X509Certificate> path;
        switch (edge.trust()) {
            case ChainTrust.Trusted(var whole) -> path = whole;
            case ChainTrust.Incomplete(var whole) -> {
                path = whole;
                problems.add(incomplete(leaf));
            }
            case ChainTrust.Untrusted untrusted -> {
                path = List.of(leaf);
                problems.add(untrusted(leaf));
            }
            case ChainTrust.Unclear(var why) -> {
                return new Verdict.CouldNotTell(why);
            }
        }
        path.stream()
                .flatMap(certificate -> weakKey(certificate).stream())
                .findFirst()
                .ifPresent(problems::add);
        path.stream()
                .flatMap(certificate -> weakSignature(certificate).stream())
                .findFirst()
                .ifPresent(problems::add);
        wrongUse(leaf).ifPresent(problems::add);
        return Verdict.of(problems);
    }

    /// Low, because many browsers fetch what is missing; other clients fail.
    private static Problem incomplete(X509Certificate leaf) {
        return problem(
                        "incomplete",
                        "The server does not send the intermediate certificate that completes the chain",
                        leaf)
                .severity(Severity.LOW);
    }

    private static Problem untrusted(X509Certificate leaf) {
        return Issuers.isSelfSigned(leaf)
                ? problem("self-signed", "The certificate is self-signed, so no client trusts it", leaf)
                : problem("untrusted", "The certificate does not lead to a trusted root", leaf);
    }

    private static Optional<Problem> weakKey(X509Certificate certificate) {
        return weakness(certificate.getPublicKey())
                .map(weakness ->
                        problem("weak-key", "A certificate in the chain has a weak key: " + weakness, certificate));
    }

    private static Optional<String> weakness(PublicKey key) {
        return switch (key) {
            case RSAKey rsa
            when rsa.getModulus().bitLength() < LEAST_RSA_BITS ->
                Optional.of("RSA with %d bits".formatted(rsa.getModulus().bitLength()));
            case ECKey ec
            when ec.getParams().getOrder().bitLength() < LEAST_EC_BITS ->
                Optional.of(
                        "EC with %d bits".formatted(ec.getParams().getOrder().bitLength()));
            case DSAKey dsa -> Optional.of("DSA");
            default -> Optional.empty();
        };
    }

    /// What a root signs itself with does not matter: it is trusted as it is.
    private static Optional<Problem> weakSignature(X509Certificate certificate) {
        var algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        var weak = algorithm.startsWith("MD") || algorithm.startsWith("SHA1");
        return weak && !Issuers.isSelfSigned(certificate)
                ? Optional.of(problem(
                        "weak-signature",
                        "A certificate in the chain is signed with " + certificate.getSigAlgName(),
                        certificate))
                : Optional.empty();
    }

    private static Optional<Problem> wrongUse(X509Certificate leaf) {
        try {
            var uses = leaf.getExtendedKeyUsage();
            return uses == null || uses.stream().anyMatch(SERVER_USES::contains)
                    ? Optional.empty()
                    : Optional.of(problem("usage", "The certificate is not made for servers", leaf));
        } catch (CertificateParsingException e) {
            return Optional.of(problem("usage", "What the certificate may be used for cannot be read", leaf));
        }
    }

    private static Problem problem(String detail, String title, X509Certificate certificate) {
        return Certificates.evidence(Problem.of(title).detail(detail), certificate);
    }
}
