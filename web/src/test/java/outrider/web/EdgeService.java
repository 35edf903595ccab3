package outrider.web;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// A service on the real edge whose one route wants `insights:read`.
final class EdgeService implements AutoCloseable {

    static final String JWT = "--spring.security.oauth2.resourceserver.jwt.";

    private final TokenSigner signer;
    private final ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();

    private EdgeService(TokenSigner signer, ConfigurableApplicationContext context) {
        this.signer = signer;
        this.context = context;
    }

    /// @param keys the directory of its own signing key
    static EdgeService start(Path keys, String... settings) throws IOException {
        var signer = TokenSigner.open(keys, Clock.systemUTC());
        var all = Stream.concat(
                Stream.of(
                        "--server.port=0",
                        "--spring.application.name=test",
                        "--outrider.tokens.jwks=" + keys.resolve("jwks.json")),
                Stream.of(settings));
        return new EdgeService(
                signer, new SpringApplicationBuilder(WebEdgeTest.Service.class).run(all.toArray(String[]::new)));
    }

    /// One of the service's own.
    String token(String scope) {
        return signer.mint("checker", Set.of(scope), null, Duration.ofMinutes(5));
    }

    int status(String token) throws Exception {
        return get(token).statusCode();
    }

    /// Whether it tells its metrics that the identity provider is away.
    boolean missesProvider() {
        var gauge = context.getBean(MeterRegistry.class).get("outrider.identity.provider.away");
        return gauge.gauge().value() == 1;
    }

    HttpResponse<String> get(String token) throws Exception {
        var port = context.getEnvironment().getProperty("local.server.port");
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/things/1".formatted(port)))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(30))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        context.close();
        client.close();
    }
}
