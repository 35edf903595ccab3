package outrider.checker.check.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HexFormat;
import outrider.checker.check.Problem;

/// What people need to know of a certificate to find it again.
final class Certificates {

    private Certificates() {}

    /// The problem with the certificate's identity as evidence.
    static Problem evidence(Problem problem, X509Certificate certificate) {
        return problem.saw("subject", certificate.getSubjectX500Principal().getName())
                .saw("issuer", certificate.getIssuerX500Principal().getName())
                .saw("serial", certificate.getSerialNumber().toString(16))
                .saw("not_before", certificate.getNotBefore().toInstant().toString())
                .saw("not_after", certificate.getNotAfter().toInstant().toString())
                .saw("sha256", fingerprint(certificate));
    }

    /// The day in UTC.
    static LocalDate day(Date date) {
        return LocalDate.ofInstant(date.toInstant(), ZoneOffset.UTC);
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A parsed certificate has its bytes, and every platform SHA-256", e);
        }
    }
}
