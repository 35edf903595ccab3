package outrider.standalone;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import outrider.embedded.FreePort;
import outrider.scan.Wire;
import outrider.web.Scopes;
import outrider.web.TokenSigner;
import tools.jackson.databind.JsonNode;

/// One fleet in this JVM for all tests that only talk to it; they keep apart by their accounts.
final class TestFleet {

    private static final Settings SETTINGS = settings();
    private static final TokenSigner SIGNER = signer();

    static {
        var fleet = new Fleet(SETTINGS, new Progress(new PrintStream(OutputStream.nullOutputStream())));
        Runtime.getRuntime().addShutdownHook(new Thread(fleet::close, "stop-test-fleet"));
        // Nobody answers there, so no scan gets as far as sending anything.
        fleet.start(Map.of("outrider.dns.resolver", "127.0.0.1:" + FreePort.find()));
    }

    private TestFleet() {}

    /// An answer and its body, as text.
    record Answer(int status, String body) {

        JsonNode json() {
            return Wire.JSON.readTree(body);
        }
    }

    static String operator() {
        return token(Scopes.OPERATOR, null);
    }

    static String token(Set<String> scopes, @Nullable UUID account) {
        return SIGNER.mint("tester", scopes, account, Duration.ofMinutes(30));
    }

    static Answer get(Service service, String path, @Nullable String token) {
        return call(service, "GET", path, token, "");
    }

    static Answer call(Service service, String method, String path, @Nullable String token, String body) {
        return call(service, method, path, token, "application/json", body);
    }

    static Answer call(Service service, String method, String path, @Nullable String token, String type, String body) {
        var request = HttpRequest.newBuilder(URI.create(SETTINGS.url(service) + path))
                .header("Content-Type", type)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        // Each on a connection of its own: a service ends one whose body it refused unread.
        try (var http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    /// Where the database is.
    static String jdbcUrl() {
        var ports = new KeptPorts(SETTINGS.home().ports());
        return "jdbc:postgresql://127.0.0.1:%d/outrider?user=postgres".formatted(ports.kept("postgres"));
    }

    private static Settings settings() {
        var ports = new EnumMap<Service, Integer>(Service.class);
        for (var service : Service.values()) {
            ports.put(service, FreePort.find());
        }
        try {
            var home = new Home(Files.createTempDirectory("outrider-fleet-"));
            Credentials.prepare(home);
            return new Settings(home, "127.0.0.1", ports, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TokenSigner signer() {
        try {
            return TokenSigner.open(SETTINGS.home().keys(), Clock.systemUTC());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
