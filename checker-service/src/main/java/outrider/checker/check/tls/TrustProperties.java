package outrider.checker.check.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Whom we trust beyond the roots of the Java platform.
///
/// @param trust a file of PEM certificates, `outrider.trust`
@ConfigurationProperties("outrider")
public record TrustProperties(@Nullable Path trust) {}
