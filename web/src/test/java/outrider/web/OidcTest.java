package outrider.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static outrider.web.EdgeService.JWT;

import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A service that takes the tokens of a provider beside our own.
class OidcTest {

    @TempDir
    static Path keys;

    static OidcProvider provider;
    static EdgeService service;

    @BeforeAll
    static void start() throws Exception {
        provider = new OidcProvider();
        service = EdgeService.start(
                keys,
                JWT + "issuer-uri=" + provider.issuer(),
                JWT + "audiences=outrider",
                JWT + "authorities-claim-name=groups",
                "--outrider.tokens.roles.secops=insights:read,triage:write");
    }

    @AfterAll
    static void stop() {
        service.close();
        provider.close();
    }

    @Test
    void a_scope_or_a_role_of_the_provider_opens_its_routes_and_no_other() throws Exception {
        assertThat(status(claims -> claims.claim("groups", List.of("insights:read"))))
                .isEqualTo(200);
        assertThat(status(claims -> claims.claim("groups", List.of("secops")))).isEqualTo(200);
        assertThat(status(claims -> claims.claim("groups", List.of("inventory:read"))))
                .isEqualTo(403);
        assertThat(status(claims -> claims.claim("scope", "insights:read").claim("groups", null)))
                .isEqualTo(403);
    }

    @Test
    void a_token_for_somebody_else_or_out_of_time_or_from_elsewhere_is_refused() throws Exception {
        var past = Date.from(Instant.now().minus(Duration.ofHours(1)));
        assertThat(status(claims -> claims.audience("another-service"))).isEqualTo(401);
        assertThat(status(claims -> claims.audience((String) null))).isEqualTo(401);
        assertThat(status(claims -> claims.expirationTime(past))).isEqualTo(401);
        assertThat(status(claims -> claims.issuer(provider.issuer() + "/other")))
                .isEqualTo(401);
        assertThat(status(claims -> claims.issuer(null))).isEqualTo(401);
    }

    @Test
    void neither_issuer_speaks_for_the_other() throws Exception {
        assertThat(status(claims -> claims.issuer(TokenSigner.ISSUER).claim("scope", "insights:read")))
                .isEqualTo(401);
        var foreign = new RSAKeyGenerator(2048).keyID(provider.key().getKeyID()).generate();
        assertThat(service.status(provider.token(foreign, claims -> claims))).isEqualTo(401);
    }

    @Test
    void our_own_tokens_are_still_taken_and_know_no_roles() throws Exception {
        assertThat(service.status(service.token(Scopes.INSIGHTS_READ))).isEqualTo(200);
        assertThat(service.status(service.token("secops"))).isEqualTo(403);
    }

    @Test
    void a_token_of_one_account_stays_one_and_a_garbled_account_opens_nothing() throws Exception {
        var account = UUID.randomUUID().toString();
        var seen = service.get(provider.token(claims -> claims.claim("account_id", account)));
        assertThat(seen.body()).contains(account);
        assertThat(status(claims -> claims.claim("account_id", "all"))).isEqualTo(401);
        assertThat(status(claims -> claims.claim("account_id", List.of(account, account))))
                .isEqualTo(401);
    }

    @Test
    void the_place_of_the_keys_may_be_configured_and_then_the_algorithms_are_too(@TempDir Path own) throws Exception {
        var settings = new String[] {
            JWT + "jwk-set-uri=" + provider.issuer() + "/keys",
            JWT + "audiences=outrider",
            JWT + "authorities-claim-name=groups"
        };
        try (var named = EdgeService.start(own, settings)) {
            assertThat(named.status(provider.token(claims -> claims))).isEqualTo(200);
            assertThat(named.status(provider.token(claims -> claims.audience("another-service"))))
                    .isEqualTo(401);
        }
        var others = Stream.concat(Stream.of(settings), Stream.of(JWT + "jws-algorithms=ES256,RS512"))
                .toArray(String[]::new);
        try (var other = EdgeService.start(own, others)) {
            assertThat(other.status(provider.token(claims -> claims))).isEqualTo(401);
        }
    }

    @Test
    void without_an_audience_it_does_not_start() {
        assertThatThrownBy(() -> EdgeService.start(keys, JWT + "issuer-uri=" + provider.issuer())
                        .close())
                .rootCause()
                .hasMessageContaining("audiences");
    }

    @Test
    void a_role_that_opens_what_is_no_scope_stops_the_start() {
        assertThatThrownBy(() -> EdgeService.start(keys, "--outrider.tokens.roles.boss=everything")
                        .close())
                .rootCause()
                .hasMessageContaining("outrider.tokens.roles.boss");
    }

    private static int status(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return service.status(provider.token(change));
    }
}
