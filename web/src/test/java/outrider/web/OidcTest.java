package outrider.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// A service that takes the tokens of a provider beside our own; the provider serves its discovery document and its
/// keys on loopback.
class OidcTest {

    private static final String JWT = "--spring.security.oauth2.resourceserver.jwt.";

    @TempDir
    static Path keys;

    static HttpServer provider;
    static RSAKey key;
    static String issuer;
    static ConfigurableApplicationContext service;

    @BeforeAll
    static void start() throws Exception {
        key = new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate();
        provider = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        issuer = "http://127.0.0.1:" + provider.getAddress().getPort() + "/realm";
        serve("/realm/.well-known/openid-configuration", """
                {"issuer":"%s","jwks_uri":"%1$s/keys","subject_types_supported":["public"]}
                """.formatted(issuer));
        serve("/realm/keys", new JWKSet(key.toPublicJWK()).toString());
        provider.start();
        service = service(
                JWT + "issuer-uri=" + issuer,
                JWT + "audiences=outrider",
                JWT + "authorities-claim-name=groups",
                "--outrider.tokens.roles.secops=insights:read,triage:write");
    }

    @AfterAll
    static void stop() {
        service.close();
        provider.stop(0);
    }

    @Test
    void a_scope_or_a_role_of_the_provider_opens_its_routes_and_no_other() throws Exception {
        assertThat(get(token(claims -> claims.claim("groups", List.of("insights:read")))))
                .isEqualTo(200);
        assertThat(get(token(claims -> claims.claim("groups", List.of("secops")))))
                .isEqualTo(200);
        assertThat(get(token(claims -> claims.claim("groups", List.of("inventory:read")))))
                .isEqualTo(403);
        assertThat(get(token(claims -> claims.claim("scope", "insights:read").claim("groups", null))))
                .isEqualTo(403);
    }

    @Test
    void a_token_for_somebody_else_or_out_of_time_or_from_elsewhere_is_refused() throws Exception {
        var past = Date.from(Instant.now().minus(Duration.ofHours(1)));
        assertThat(get(token(claims -> claims.audience("another-service")))).isEqualTo(401);
        assertThat(get(token(claims -> claims.audience((String) null)))).isEqualTo(401);
        assertThat(get(token(claims -> claims.expirationTime(past)))).isEqualTo(401);
        assertThat(get(token(claims -> claims.issuer(issuer + "/other")))).isEqualTo(401);
        assertThat(get(token(claims -> claims.issuer(null)))).isEqualTo(401);
    }

    @Test
    void neither_issuer_speaks_for_the_other() throws Exception {
        assertThat(get(token(claims -> claims.issuer(TokenSigner.ISSUER).claim("scope", "insights:read"))))
                .isEqualTo(401);
        var foreign = new RSAKeyGenerator(2048).keyID(key.getKeyID()).generate();
        assertThat(get(signed(foreign, claims -> claims))).isEqualTo(401);
    }

    @Test
    void our_own_tokens_are_still_taken_and_know_no_roles() throws Exception {
        var signer = TokenSigner.open(keys, Clock.systemUTC());
        assertThat(get(signer.mint("checker", Set.of(Scopes.INSIGHTS_READ), null, Duration.ofMinutes(5))))
                .isEqualTo(200);
        assertThat(get(signer.mint("checker", Set.of("secops"), null, Duration.ofMinutes(5))))
                .isEqualTo(403);
    }

    @Test
    void a_token_of_one_account_stays_one_and_a_garbled_account_opens_nothing() throws Exception {
        var account = UUID.randomUUID().toString();
        assertThat(body(token(claims -> claims.claim("account_id", account)))).contains(account);
        assertThat(get(token(claims -> claims.claim("account_id", "all")))).isEqualTo(401);
        assertThat(get(token(claims -> claims.claim("account_id", List.of(account, account)))))
                .isEqualTo(401);
    }

    @Test
    void without_an_audience_it_does_not_start() {
        assertThatThrownBy(() -> service(JWT + "issuer-uri=" + issuer).close())
                .rootCause()
                .hasMessageContaining("audiences");
    }

    @Test
    void a_role_that_opens_what_is_no_scope_stops_the_start() {
        assertThatThrownBy(
                        () -> service("--outrider.tokens.roles.boss=everything").close())
                .rootCause()
                .hasMessageContaining("outrider.tokens.roles.boss");
    }

    private static ConfigurableApplicationContext service(String... settings) throws Exception {
        TokenSigner.open(keys, Clock.systemUTC());
        var all = Stream.concat(
                Stream.of(
                        "--server.port=0",
                        "--spring.application.name=test",
                        "--outrider.tokens.jwks=" + keys.resolve("jwks.json")),
                Stream.of(settings));
        return new SpringApplicationBuilder(WebEdgeTest.Service.class).run(all.toArray(String[]::new));
    }

    private static String token(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return signed(key, change);
    }

    /// A good token, but for the change.
    private static String signed(RSAKey by, UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        var good = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject("somebody")
                .audience("outrider")
                .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(5))))
                .claim("groups", List.of("insights:read"));
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(by.getKeyID()).build(),
                change.apply(good).build());
        token.sign(new RSASSASigner(by));
        return token.serialize();
    }

    private static int get(String token) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request(token), BodyHandlers.discarding()).statusCode();
        }
    }

    private static String body(String token) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request(token), BodyHandlers.ofString()).body();
        }
    }

    private static HttpRequest request(String token) {
        var port = service.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/things/1".formatted(port)))
                .header("Authorization", "Bearer " + token)
                .build();
    }

    private static void serve(String path, String json) {
        provider.createContext(path, exchange -> {
            var body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
