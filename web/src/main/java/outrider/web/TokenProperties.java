package outrider.web;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Where this service finds the keys that tokens are verified with.
///
/// @param jwks a file with public keys as a JSON Web Key Set (RFC 7517); read again when it changes, so that keys
/// can be rotated
/// @param roles of an OpenID Connect provider that issues roles or groups and not our scopes: which scopes each
/// opens
@ConfigurationProperties("outrider.tokens")
record TokenProperties(Path jwks, Map<String, Set<String>> roles) {

    @SuppressWarnings("ConstantValue") // the binder leaves an absent property null
    TokenProperties {
        if (jwks == null) {
            throw new IllegalArgumentException("outrider.tokens.jwks must name the file with the public keys");
        }
        roles = roles == null ? Map.of() : Map.copyOf(roles);
        roles.forEach((role, scopes) -> {
            if (!Scopes.OPERATOR.containsAll(scopes)) {
                throw new IllegalArgumentException("outrider.tokens.roles.%s: %s are not all scopes; the scopes are %s"
                        .formatted(role, scopes, Scopes.OPERATOR));
            }
        });
    }
}
