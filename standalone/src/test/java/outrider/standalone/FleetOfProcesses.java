package outrider.standalone;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import outrider.embedded.EmbeddedBroker;
import outrider.embedded.EmbeddedDatabase;
import outrider.embedded.FreePort;
import outrider.web.Scopes;
import outrider.web.TokenSigner;
import tools.jackson.databind.JsonNode;

/// The fleet as it is deployed: each service a process of its own, from its own jar, on one broker and one
/// database. A second replica of a service goes by the name that [#second] gives it.
final class FleetOfProcesses extends RestFleet {

    static final String INSIGHTS = "insights-api";
    static final String SCHEDULER = "scheduler-service";
    static final String CHECKER = "checker-service";

    private static final String SECOND = "-2";

    private final Path home;
    private Path release = Path.of("..");
    private final EmbeddedDatabase database;
    private EmbeddedBroker broker;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, Process> processes = new HashMap<>();
    private final String token;

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
        for (var service : List.of(SCHEDULER, INSIGHTS, CHECKER)) {
            ports.put(service, FreePort.find());
            ports.put(second(service), FreePort.find());
        }
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

    static String second(String service) {
        return service + SECOND;
    }

    /// What is started from now on is of this release: a source tree with its jars in it.
    void release(Path newRelease) {
        release = newRelease;
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

    /// Scans an asset now, and waits until all of its scans are reported.
    ///
    /// @return the ids of the scans
    List<String> scan(String asset) {
        var scans = order(SCHEDULER, "{\"asset_id\":\"%s\"}".formatted(asset));
        awaitReported(SCHEDULER, scans, Duration.ofMinutes(1));
        return scans;
    }

    Scrape scrape(String service) {
        return Scrape.of(metrics(service));
    }

    /// What a service has logged so far, without what the JVM itself says.
    List<JsonNode> logged(String service) {
        try (var lines = Files.lines(log(service).toPath())) {
            return lines.filter(line -> line.startsWith("{"))
                    .map(RestFleet::json)
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

    /// Ends the broker and starts it again on the same port and data.
    void restartBroker() {
        var port = broker.port();
        broker.close();
        broker = EmbeddedBroker.start(home.resolve("kafka"), port);
    }

    @Override
    protected String token() {
        return token;
    }

    /// Asks the database.
    long number(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(database.jdbcUrl("fleet"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /// Asks the database for texts.
    List<String> texts(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(database.jdbcUrl("fleet"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    /// Changes the database.
    void run(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(database.jdbcUrl("fleet"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    File log(String service) {
        return home.resolve(service + ".log").toFile();
    }

    private Path jar(String replica) throws IOException {
        var service = replica.replace(SECOND, "");
        var target = release.resolve(service).resolve("target");
        try (var jars = Files.newDirectoryStream(target, service + "-*-exec.jar")) {
            return jars.iterator().next();
        }
    }

    @Override
    protected String url(String service) {
        return "http://127.0.0.1:" + ports.get(service);
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroyForcibly);
        super.close();
        broker.close();
        database.close();
    }
}
