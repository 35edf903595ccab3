package outrider.checker.check.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/// The roots that a certificate must lead to: those of the Java platform and those of the operator's file.
@Component
@EnableConfigurationProperties(TrustProperties.class)
public final class TrustStore {

    private final Set<TrustAnchor> anchors;
    private final Set<X509Certificate> roots;

    public TrustStore(TrustProperties properties) {
        this.roots = new HashSet<>(platform());
        if (properties.trust() != null) {
            roots.addAll(file(properties.trust()));
        }
        this.anchors = roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toUnmodifiableSet());
    }

    Set<TrustAnchor> anchors() {
        return anchors;
    }

    /// Whether the certificate is a root itself.
    boolean has(X509Certificate certificate) {
        return roots.contains(certificate);
    }

    private static Set<X509Certificate> platform() {
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            @Nullable KeyStore platformsOwn = null;
            factory.init(platformsOwn);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()))
                    .collect(Collectors.toSet());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The trusted roots of the Java platform cannot be read", e);
        }
    }

    private static Set<X509Certificate> file(Path file) {
        try (var in = Files.newInputStream(file)) {
            var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .collect(Collectors.toSet());
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("outrider.trust: %s holds no certificate".formatted(file));
            }
            return certificates;
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException(
                    "outrider.trust: %s must be a readable file of PEM certificates".formatted(file), e);
        }
    }
}
