package outrider.checker.check.tls;

import static outrider.checker.check.tls.Certificates.day;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `tls.cert-expiry`: does the certificate hold now, and long enough to be renewed in peace?
///
/// How long is enough depends on how long it lives: a third of that, and at most two weeks, so that a certificate of
/// six
/// days is not always in trouble. Authorities between it and the root count too, as far as they are needed.
final class CertExpiryCheck implements Judge<TlsObservation> {

    private static final CheckId ID = new CheckId("tls.cert-expiry");
    private static final Duration LONGEST_NOTICE = Duration.ofDays(14);

    /// Clocks differ, ours too.
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(TlsObservation seen) {
        return Edges.judge(seen, edge -> {
            for (var certificate : needed(edge)) {
                var verdict = judge(certificate, edge.presented().leaf(), seen.at());
                if (verdict instanceof Verdict.Fail) {
                    return verdict;
                }
            }
            return Verdict.pass();
        });
    }

    private static Verdict judge(X509Certificate certificate, X509Certificate leaf, Instant at) {
        var begin = certificate.getNotBefore().toInstant();
        var end = certificate.getNotAfter().toInstant();
        var name = certificate.equals(leaf)
                ? "The certificate"
                : "The intermediate certificate "
                        + certificate.getSubjectX500Principal().getName();
        if (at.isAfter(end)) {
            return fail("%s expired on %s".formatted(name, day(certificate.getNotAfter())), Severity.HIGH, certificate);
        }
        if (at.plus(CLOCK_SKEW).isBefore(begin)) {
            return fail(
                    "%s is not valid before %s".formatted(name, day(certificate.getNotBefore())),
                    Severity.HIGH,
                    certificate);
        }
        return at.plus(notice(begin, end)).isAfter(end)
                ? fail(
                        "%s expires on %s and has not been renewed".formatted(name, day(certificate.getNotAfter())),
                        Severity.MEDIUM,
                        certificate)
                : Verdict.pass();
    }

    private static Duration notice(Instant begin, Instant end) {
        var third = Duration.between(begin, end).dividedBy(3);
        return third.compareTo(LONGEST_NOTICE) < 0 ? third : LONGEST_NOTICE;
    }

    private static Verdict fail(String title, Severity severity, X509Certificate certificate) {
        return Verdict.fail(Certificates.evidence(Problem.of(title).severity(severity), certificate));
    }

    private static List<X509Certificate> needed(TlsObservation.Edge.Seen edge) {
        return switch (edge.trust()) {
            case ChainTrust.Trusted(var path) -> path;
            case ChainTrust.Incomplete(var path) -> path;
            case ChainTrust.Untrusted untrusted -> List.of(edge.presented().leaf());
            case ChainTrust.Unclear unclear -> List.of(edge.presented().leaf());
        };
    }
}
