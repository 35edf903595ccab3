package outrider.insights;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import outrider.embedded.TestBroker;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.web.Scopes;
import outrider.web.TokenSigner;
import tools.jackson.databind.JsonNode;

/// The whole API on a real database and broker, once for all tests, called over HTTP.
public final class TestApi {

    public static final ConfigurableApplicationContext APPLICATION;
    private static final TokenSigner SIGNER;
    private static final Path KEYS;

    static {
        try {
            KEYS = Files.createTempDirectory("outrider-keys-");
            SIGNER = TokenSigner.open(KEYS, Clock.systemUTC());
            createTopics();
            APPLICATION = start(TestInsights.URL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestApi() {}

    /// An answer: its status and its body as JSON.
    public record Answer(int status, JsonNode body, HttpResponse<byte[]> response) {}

    /// A token that may do anything in that account; null: in all.
    public static String token(@Nullable UUID account) {
        return token(Scopes.OPERATOR, account);
    }

    public static String token(Set<String> scopes, @Nullable UUID account) {
        return SIGNER.mint("tester", scopes, account, Duration.ofMinutes(30));
    }

    public static Answer get(String path, String token) {
        return send(request(path, token).GET());
    }

    public static Answer report(byte[] body, String token, String... headers) {
        var request = request("/v1/reports", token)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    public static Answer send(HttpRequest.Builder request) {
        // Each on a connection of its own: a replica ends one whose body it refused unread.
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(request.build(), BodyHandlers.ofByteArray());
            var lines = response.headers().firstValue("Content-Type").orElse("").startsWith("application/x-ndjson");
            var body = lines ? Wire.JSON.missingNode() : Wire.JSON.readTree(response.body());
            return new Answer(response.statusCode(), body, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    public static HttpRequest.Builder request(String path, String token) {
        return request(APPLICATION, path, token);
    }

    /// To one more replica.
    public static HttpRequest.Builder request(ConfigurableApplicationContext replica, String path, String token) {
        return request(port(replica), path, token);
    }

    /// To whoever listens there.
    public static HttpRequest.Builder request(int port, String path, String token) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token);
    }

    public static int port(ConfigurableApplicationContext replica) {
        return replica.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /// One more replica.
    public static ConfigurableApplicationContext start(String url, String... settings) {
        return InsightsApplication.builder()
                .sources(Spans.class)
                .run(settings(0, url, settings).toArray(String[]::new));
    }

    /// What every replica is told, and then those settings.
    public static List<String> settings(int port, String url, String... more) {
        var all = new ArrayList<>(List.of(
                "--server.port=" + port,
                "--outrider.ingest.max-body=16MB",
                "--logging.level.root=warn",
                "--management.opentelemetry.tracing.export.schedule-delay=20ms",
                "--spring.datasource.url=" + url,
                "--spring.kafka.bootstrap-servers=" + TestBroker.shared().bootstrapServers(),
                "--outrider.tokens.jwks=" + KEYS.resolve("jwks.json")));
        all.addAll(List.of(more));
        return all;
    }

    /// No `@Configuration`: the application's scan would find it.
    static class Spans {

        @Bean
        InMemorySpanExporter spans() {
            return InMemorySpanExporter.create();
        }
    }

    private static void createTopics() {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", TestBroker.shared().bootstrapServers());
        try (var admin = Admin.create(settings)) {
            admin.createTopics(List.of(
                            new NewTopic(Topics.INVENTORY, 3, (short) 1),
                            new NewTopic(Topics.CATALOG, 1, (short) 1),
                            new NewTopic(Topics.AUDIT, 1, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
