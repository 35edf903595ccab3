package outrider.web;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// An OpenID Connect provider on loopback, with its discovery document and its keys. It can go away, come back
/// at the same address, and be in a bad mood.
final class OidcProvider implements AutoCloseable {

    private final InetSocketAddress address;
    private final List<RSAKey> keys = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Mood mood = Mood.FINE;
    private HttpServer server;

    OidcProvider() throws Exception {
        newKey();
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        address = server.getAddress();
        serve();
    }

    String issuer() {
        return "http://127.0.0.1:" + address.getPort() + "/realm";
    }

    /// The key that signs.
    RSAKey key() {
        return keys.getLast();
    }

    /// Signs with another key from now on, published beside the last one.
    void newKey() throws JOSEException {
        keys.add(new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate());
    }

    /// How it answers.
    enum Mood {
        FINE,
        /// It takes requests and answers none.
        SILENT,
        /// Its answer comes byte by byte and never ends.
        DRIPS,
        BROKEN,
        TALKS_NONSENSE,
        IS_ANOTHER
    }

    void is(Mood other) {
        mood = other;
    }

    /// How often somebody began to fetch its keys.
    int asked() {
        return asked.get();
    }

    void goAway() {
        server.stop(0);
    }

    void comeBack() throws IOException {
        server = HttpServer.create(address, 0);
        serve();
    }

    /// A good token, but for the change.
    String token(UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
        return token(key(), change);
    }

    String token(RSAKey by, UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
        var good = new JWTClaimsSet.Builder()
                .issuer(issuer())
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

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
    }

    private void serve() {
        server.setExecutor(threads);
        server.createContext("/realm/.well-known/openid-configuration", exchange -> {
            asked.incrementAndGet();
            answer(exchange, """
                    {"issuer":"%s","jwks_uri":"%s/keys","subject_types_supported":["public"]}
                    """.formatted(mood == Mood.IS_ANOTHER ? "https://another.example" : issuer(), issuer()));
        });
        server.createContext("/realm/keys", exchange -> {
            List<JWK> published = keys.stream().<JWK>map(RSAKey::toPublicJWK).toList();
            answer(exchange, new JWKSet(published).toString());
        });
        server.start();
    }

    private void answer(HttpExchange exchange, String json) throws IOException {
        try (exchange) {
            switch (mood) {
                case FINE, IS_ANOTHER -> send(exchange, 200, json);
                case BROKEN -> send(exchange, 500, json);
                case TALKS_NONSENSE -> send(exchange, 200, "<html>Welcome</html>");
                case SILENT -> closed.await();
                case DRIPS -> drip(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drip(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        while (!closed.await(50, TimeUnit.MILLISECONDS)) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
