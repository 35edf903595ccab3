package outrider.checker.check.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Whom we trust beyond the roots of the Java platform.
///
/// @param trust a file of PEM certificates of authorities that are trusted beside the usual ones; none if not given
/// or empty
@ConfigurationProperties("outrider")
public record TrustProperties(@Nullable Path trust) {

    public TrustProperties {
        if (trust != null && trust.toString().isBlank()) {
            trust = null;
        }
    }
}
