package outrider.checker.check.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.insight.CheckId;

/// `tls.hostname`: is the certificate for this host (RFC 9525)?
final class HostnameCheck implements Judge<TlsObservation> {

    private static final CheckId ID = new CheckId("tls.hostname");

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(TlsObservation seen) {
        return Edges.judge(
                seen, edge -> judge(edge.presented().leaf(), seen.endpoint().host()));
    }

    private static Verdict judge(X509Certificate certificate, String host) {
        CertificateNames names;
        try {
            names = CertificateNames.of(certificate);
        } catch (CertificateParsingException e) {
            return new Verdict.CouldNotTell("the names in its certificate cannot be read");
        }
        if (names.cover(host)) {
            return Verdict.pass();
        }
        var problem = names.isEmpty()
                ? Problem.of("The certificate names no host: clients ignore its common name")
                : Problem.of("The certificate is not for " + host)
                        .saw("names", names.all().sorted().toList());
        return Verdict.fail(Certificates.evidence(problem, certificate));
    }
}
