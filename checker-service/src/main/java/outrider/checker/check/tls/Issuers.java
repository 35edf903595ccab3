package outrider.checker.check.tls;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;

/// Who issued a certificate, and where the issuer publishes its own.
final class Issuers {

    private static final String AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1";

    /// The object identifier 1.3.6.1.5.5.7.48.2 (caIssuers) in DER, with tag and length.
    private static final byte[] CA_ISSUERS = {0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02};

    /// The DER tag of a URI in a GeneralName.
    private static final byte URI_TAG = (byte) 0x86;

    private Issuers() {}

    /// Whether it vouches for itself.
    static boolean isSelfSigned(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
    }

    /// The last certificate on the way up from the leaf, whose own issuer is not among those known; empty if the way
    /// ends in one that vouches for itself.
    static Optional<X509Certificate> missing(X509Certificate leaf, Collection<X509Certificate> known) {
        var visited = new HashSet<X509Certificate>();
        var top = leaf;
        while (!isSelfSigned(top) && visited.add(top)) {
            var issuer = top.getIssuerX500Principal();
            var next = known.stream()
                    .filter(certificate -> certificate.getSubjectX500Principal().equals(issuer))
                    .findFirst();
            if (next.isEmpty()) {
                return Optional.of(top);
            }
            top = next.get();
        }
        return Optional.empty();
    }

    /// The first plain HTTP address at which the issuer of the certificate publishes its own.
    ///
    /// Java has no reader for this extension, so the bytes are searched for the identifier and what follows it.
    static Optional<URI> publishedAt(X509Certificate certificate) {
        var extension = certificate.getExtensionValue(AUTHORITY_INFORMATION_ACCESS);
        if (extension == null) {
            return Optional.empty();
        }
        for (var at = 0; at + CA_ISSUERS.length + 2 <= extension.length; at++) {
            if (Arrays.equals(extension, at, at + CA_ISSUERS.length, CA_ISSUERS, 0, CA_ISSUERS.length)) {
                var address = address(extension, at + CA_ISSUERS.length);
                if (address.isPresent()) {
                    return address;
                }
            }
        }
        return Optional.empty();
    }

    /// The address whose tag stands there, if it is short enough for a length of one byte, or of two.
    private static Optional<URI> address(byte[] der, int tag) {
        var longForm = der[tag + 1] == (byte) 0x81 && tag + 2 < der.length;
        var length = longForm ? der[tag + 2] & 0xFF : der[tag + 1];
        var begin = tag + (longForm ? 3 : 2);
        if (der[tag] != URI_TAG || length < 0 || begin + length > der.length) {
            return Optional.empty();
        }
        try {
            var address = new URI(new String(der, begin, length, StandardCharsets.US_ASCII));
            return Optional.of(address).filter(uri -> "http".equals(uri.getScheme()) && uri.getHost() != null);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
