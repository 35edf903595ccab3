package outrider.embedded.site;

import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/// What a TLS server shows and proves: its private key and the chain it sends, its own certificate first.
public record Identity(PrivateKey key, List<X509Certificate> chain) {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    public Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an identity needs a certificate");
        }
    }

    /// The server's own certificate.
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /// The same server, which forgets to send the intermediates.
    public Identity withoutIntermediates() {
        return new Identity(key, List.of(certificate()));
    }

    /// The chain as PEM text, for a server's or a client's certificate file.
    public String chainPem() {
        return chain.stream().map(Identity::pem).collect(Collectors.joining());
    }

    /// The private key as PEM text (PKCS #8).
    public String keyPem() {
        return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                .formatted(LINES.encodeToString(key.getEncoded()));
    }

    static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                    .formatted(LINES.encodeToString(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
