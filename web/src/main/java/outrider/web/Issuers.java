package outrider.web;

import com.nimbusds.jose.KeySourceException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtIssuerAuthenticationManagerResolver;
import org.springframework.util.StringUtils;

/// Whose tokens are accepted: our own always, and those of one OpenID Connect provider where it is configured
/// (`spring.security.oauth2.resourceserver.jwt`).
///
/// The issuer that a token names decides which keys it must be signed with, so neither can speak for the other.
final class Issuers {

    private static final String SCOPE = "SCOPE_";

    private Issuers() {}

    /// @param keys those that the provider publishes; null: it publishes none, or there is no provider
    /// @param decoder of the tokens of a provider whose one public key is configured; null: there is none such
    /// @param converter which claims of them say who and what; null: `sub` and `scope`
    static AuthenticationManagerResolver<HttpServletRequest> of(
            TokenProperties tokens,
            OAuth2ResourceServerProperties.Jwt provider,
            @Nullable ProviderKeys keys,
            @Nullable JwtDecoder decoder,
            @Nullable JwtAuthenticationConverter converter) {
        var own = manager(own(tokens), new JwtAuthenticationConverter(), Map.of());
        var theirs = keys == null ? decoder : theirs(provider, keys);
        var others = theirs == null ? nobody() : manager(theirs, claims(provider, converter), tokens.roles());
        return new JwtIssuerAuthenticationManagerResolver(issuer -> {
            if (issuer.equals(TokenSigner.ISSUER)) {
                return own;
            }
            // Where the provider's name is known, nobody else's token is worth asking it for its keys.
            var known = provider.getIssuerUri();
            return StringUtils.hasText(known) && !known.equals(issuer) ? nobody() : others;
        });
    }

    private static AuthenticationManager nobody() {
        return authentication -> {
            throw new InvalidBearerTokenException("The token is from an unknown issuer");
        };
    }

    private static JwtAuthenticationConverter claims(
            OAuth2ResourceServerProperties.Jwt provider, @Nullable JwtAuthenticationConverter converter) {
        if (provider.getAudiences().isEmpty()) {
            throw new IllegalArgumentException("spring.security.oauth2.resourceserver.jwt.audiences must say which"
                    + " tokens of the provider are meant for Outrider");
        }
        return converter == null ? new JwtAuthenticationConverter() : converter;
    }

    private static JwtDecoder own(TokenProperties properties) {
        var decoder = NimbusJwtDecoder.withJwkSource(new KeyFile(properties.jwks()))
                .jwsAlgorithm(SignatureAlgorithm.ES256)
                .build();
        decoder.setJwtValidator(JwtValidators.createDefaultWithIssuer(TokenSigner.ISSUER));
        return decoder;
    }

    /// The keys that the provider publishes; null where none is configured that does.
    static @Nullable ProviderKeys published(OAuth2ResourceServerProperties.Jwt provider) {
        return StringUtils.hasText(provider.getIssuerUri()) || StringUtils.hasText(provider.getJwkSetUri())
                ? new ProviderKeys(new ProviderDocuments(provider))
                : null;
    }

    /// Like the one that Spring Boot makes of the same settings. That one lets requests queue behind a provider
    /// that is silent, for half a minute each, and asks the provider for every token that names an unknown key.
    private static JwtDecoder theirs(OAuth2ResourceServerProperties.Jwt provider, ProviderKeys keys) {
        var decoder = NimbusJwtDecoder.withJwkSource(keys)
                .jwsAlgorithms(algorithms -> algorithms.addAll(algorithms(provider)))
                .build();
        var valid = new ArrayList<OAuth2TokenValidator<Jwt>>();
        var issuer = provider.getIssuerUri();
        if (StringUtils.hasText(issuer)) {
            valid.add(new JwtIssuerValidator(issuer));
        }
        valid.add(new JwtClaimValidator<@Nullable List<String>>(
                JwtClaimNames.AUD, to -> to != null && !Collections.disjoint(to, provider.getAudiences())));
        decoder.setJwtValidator(JwtValidators.createDefaultWithValidators(valid));
        return decoder;
    }

    /// Where the provider tells where its keys are, the keys decide. None of these takes a public key for a secret.
    private static List<SignatureAlgorithm> algorithms(OAuth2ResourceServerProperties.Jwt provider) {
        if (!StringUtils.hasText(provider.getJwkSetUri())) {
            return List.of(SignatureAlgorithm.values());
        }
        return provider.getJwsAlgorithms().stream()
                .map(name -> Objects.requireNonNull(SignatureAlgorithm.from(name), () -> name + " is no algorithm"))
                .toList();
    }

    private static AuthenticationManager manager(
            JwtDecoder decoder, JwtAuthenticationConverter claims, Map<String, Set<String>> roles) {
        Converter<Jwt, AbstractAuthenticationToken> caller = jwt -> {
            requireAccountId(jwt);
            var plain = Objects.requireNonNull(claims.convert(jwt));
            return new JwtAuthenticationToken(jwt, opened(plain.getAuthorities(), roles), plain.getName());
        };
        var authentication = new JwtAuthenticationProvider(decoder);
        authentication.setJwtAuthenticationConverter(caller);
        var manager = new ProviderManager(authentication);
        return token -> {
            try {
                return manager.authenticate(token);
            } catch (AuthenticationServiceException e) {
                throw keysAreAway(e)
                        ? new KeysAwayException(e)
                        : new InvalidBearerTokenException("The token cannot be checked", e);
            }
        };
    }

    private static boolean keysAreAway(AuthenticationServiceException e) {
        return Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
                .anyMatch(KeySourceException.class::isInstance);
    }

    /// The scopes, and those of the roles among them.
    private static List<GrantedAuthority> opened(
            Collection<? extends GrantedAuthority> given, Map<String, Set<String>> roles) {
        return given.stream()
                .map(authority -> String.valueOf(authority.getAuthority()))
                .flatMap(name -> name.startsWith(SCOPE)
                        ? Stream.concat(
                                Stream.of(name),
                                roles.getOrDefault(name.substring(SCOPE.length()), Set.of()).stream()
                                        .map(SCOPE::concat))
                        : Stream.of(name))
                .distinct()
                .<GrantedAuthority>map(SimpleGrantedAuthority::new)
                .toList();
    }

    /// A token that is meant for one account must not be taken for one of all.
    private static void requireAccountId(Jwt jwt) {
        if (!jwt.hasClaim(Caller.ACCOUNT_CLAIM)) {
            return;
        }
        try {
            UUID.fromString(String.valueOf(jwt.getClaimAsString(Caller.ACCOUNT_CLAIM)));
        } catch (IllegalArgumentException e) {
            throw new InvalidBearerTokenException("The claim %s is no UUID".formatted(Caller.ACCOUNT_CLAIM), e);
        }
    }
}
