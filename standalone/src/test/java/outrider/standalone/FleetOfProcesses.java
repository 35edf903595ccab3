package outrider.standalone;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import outrider.embedded.EmbeddedBroker;
import outrider.embedded.EmbeddedDatabase;
import outrider.embedded.FreePort;
import outrider.scan.Wire;
import outrider.web.Scopes;
import outrider.web.TokenSigner;
import tools.jackson.databind.JsonNode;

/// The fleet as it is deployed: each service a process of its own, from its own jar, on one broker and one
/// database.
final class FleetOfProcesses implements AutoCloseable {

    static final String INSIGHTS = "insights-api";
    static final String SCHEDULER = "scheduler-service";
    static final String CHECKER = "checker-service";

    private final Path home;
    private final EmbeddedDatabase database;
    private EmbeddedBroker broker;
    private final Map<String, Integer> ports;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, Process> processes = new HashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String token;
    private String traceparent = "";

    /// @param settings environment variables for every service
    FleetOfProcesses(Path home, Map<String, String> settings) throws IOException {
        this(home, EmbeddedBroker.start(home.resolve("kafka"), 0), EmbeddedDatabase.temporary(), settings);
    }

    /// On that broker, which has its data in `kafka`, and that database.
    FleetOfProcesses(Path home, EmbeddedBroker broker, EmbeddedDatabase database, Map<String, String> settings)
            throws IOException {
        this.home = home;
        this.broker = broker;
        this.database = database;
        // Not before, or the broker might take one of them.
        ports = Map.of(INSIGHTS, FreePort.find(), SCHEDULER, FreePort.find(), CHECKER, FreePort.find());
        var signer = TokenSigner.open(home.resolve("keys"), Clock.systemUTC());
        token = signer.mint("operator", Scopes.OPERATOR, null, Duration.ofHours(1));
        var checkerToken = home.resolve("checker.token");
        Files.writeString(checkerToken, signer.mint("checker", Scopes.CHECKER, null, Duration.ofHours(1)));
        environment.putAll(Map.of(
                "SPRING_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                "SPRING_DATASOURCE_URL", database.createDatabase("fleet"),
                "SPRING_DATASOURCE_USERNAME", database.user(),
                "OUTRIDER_TOKENS_JWKS", home.resolve("keys/jwks.json").toString(),
                "OUTRIDER_KEYS_SIGNING", home.resolve("keys/token-key.json").toString(),
                "OUTRIDER_TOKENS_BEARER", checkerToken.toString(),
                "OUTRIDER_INSIGHTS_URL", url(INSIGHTS),
                "OUTRIDER_SCHEDULER_URL", url(SCHEDULER),
                "OUTRIDER_KAFKA_PARTITIONS", "4"));
        environment.put("OUTRIDER_CHECKER_URL", url(CHECKER));
        environment.putAll(settings);
    }

    void startAll() {
        for (var service : List.of(SCHEDULER, INSIGHTS, CHECKER)) {
            launch(service, Map.of());
        }
        List.of(SCHEDULER, INSIGHTS, CHECKER).forEach(this::awaitReady);
    }

    /// Starts one service and waits until it is ready.
    void start(String service, Map<String, String> settings) {
        launch(service, settings);
        awaitReady(service);
    }

    /// kill -9.
    void kill(String service) throws InterruptedException {
        var process = processes.remove(service);
        process.destroyForcibly();
        process.waitFor();
    }

    /// SIGTERM; true when it ended in time and by itself.
    boolean stop(String service) throws InterruptedException {
        var process = processes.remove(service);
        process.destroy();
        return process.waitFor(30, TimeUnit.SECONDS);
    }

    /// From now on, requests belong to this trace.
    void within(String newTraceparent) {
        traceparent = newTraceparent;
    }

    JsonNode get(String service, String path) {
        return json(send(request(service, path).GET()));
    }

    JsonNode post(String service, String path, String body) {
        return json(post(service, path, "application/json", body));
    }

    JsonNode patch(String service, String path, String body) {
        return json(send(request(service, path)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body))));
    }

    void delete(String service, String path) {
        send(request(service, path).DELETE());
    }

    String post(String service, String path, String type, String body) {
        return send(
                request(service, path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /// Scans an asset now, and waits until all of its scans are reported.
    ///
    /// @return the ids of the scans
    List<String> scan(String asset) {
        var scans = post(SCHEDULER, "/v1/scans", "{\"asset_id\":\"" + asset + "\"}").get("items").values().stream()
                .map(scan -> scan.get("scan_id").asString())
                .toList();
        for (var scan : scans) {
            await("scan " + scan)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> get(SCHEDULER, "/v1/scans/" + scan)
                            .get("state")
                            .asString()
                            .equals("reported"));
        }
        return scans;
    }

    Scrape scrape(String service) {
        return Scrape.of(send(request(service, "/actuator/prometheus")
                .header("Accept", "application/openmetrics-text; version=1.0.0")
                .GET()));
    }

    /// What a service has logged so far, without what the JVM itself says.
    List<JsonNode> logged(String service) {
        try (var lines = Files.lines(log(service).toPath())) {
            return lines.filter(line -> line.startsWith("{"))
                    .map(FleetOfProcesses::json)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch(String service, Map<String, String> settings) {
        try {
            var java = ProcessHandle.current().info().command().orElseThrow();
            var builder = new ProcessBuilder(
                    java,
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-jar",
                    jar(service).toString());
            builder.environment().putAll(environment);
            builder.environment().putAll(settings);
            builder.environment().put("SERVER_PORT", ports.get(service).toString());
            builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log(service)));
            processes.put(service, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady(String service) {
        await(service + " is ready; see " + log(service))
                .atMost(Duration.ofMinutes(2))
                .until(() -> {
                    if (!processes.get(service).isAlive()) {
                        throw new IllegalStateException("%s ended by itself:%n%s"
                                .formatted(
                                        service, Files.readString(log(service).toPath())));
                    }
                    return isReady(service);
                });
    }

    private boolean isReady(String service) throws InterruptedException {
        try {
            var answer = http.send(
                    request(service, "/actuator/health/readiness").GET().build(),
                    HttpResponse.BodyHandlers.discarding());
            return answer.statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /// Ends the broker and starts it again on the same port and data.
    void restartBroker() {
        var port = broker.port();
        broker.close();
        broker = EmbeddedBroker.start(home.resolve("kafka"), port);
    }

    /// The operator's token.
    String token() {
        return token;
    }

    File log(String service) {
        return home.resolve(service + ".log").toFile();
    }

    private static Path jar(String service) throws IOException {
        var target = Path.of("..", service, "target");
        try (var jars = Files.newDirectoryStream(target, service + "-*-exec.jar")) {
            return jars.iterator().next();
        }
    }

    private String url(String service) {
        return "http://127.0.0.1:" + ports.get(service);
    }

    private HttpRequest.Builder request(String service, String path) {
        return HttpRequest.newBuilder(URI.create(url(service) + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + token)
                .header("traceparent", traceparent);
    }

    private String send(HttpRequest.Builder request) {
        try {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(
                        "%s answered %d: %s".formatted(answer.uri(), answer.statusCode(), answer.body()));
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    private static JsonNode json(String text) {
        return Wire.JSON.readTree(text);
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroyForcibly);
        http.close();
        broker.close();
        database.close();
    }
}
