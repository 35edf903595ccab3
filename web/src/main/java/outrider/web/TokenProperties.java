package outrider.web;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Where this service finds the keys that tokens are verified with.
///
/// @param jwks a file with public keys as a JSON Web Key Set (RFC 7517); read again when it changes, so that keys can
/// be rotated
@ConfigurationProperties("outrider.tokens")
record TokenProperties(Path jwks) {

    @SuppressWarnings("ConstantValue") // the binder leaves an absent property null
    TokenProperties {
        if (jwks == null) {
            throw new IllegalArgumentException("outrider.tokens.jwks must name the file with the public keys");
        }
    }
}
