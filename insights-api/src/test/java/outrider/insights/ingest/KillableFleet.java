package outrider.insights.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import outrider.embedded.DelayingProxy;
import outrider.embedded.EmbeddedDatabase;
import outrider.embedded.FreePort;
import outrider.embedded.ServiceProcess;
import outrider.embedded.TestDatabase;
import outrider.insights.InsightsApplication;
import outrider.insights.TestApi;
import tools.jackson.databind.JsonNode;

/// The API in a process of its own, a database whose data stay, and a line between them: all of which can break.
final class KillableFleet implements AutoCloseable {

    /// Whom kill -9 hits.
    enum Victim {
        API,
        BACKEND,
        POSTMASTER
    }

    /// Of those of the API the one that holds a slot, else the one that was last at work.
    private static final String BACKEND = """
            select a.pid
              from pg_stat_activity a
              left join pg_locks l on l.pid = a.pid and l.locktype = 'advisory' and l.classid = 4242
             where a.application_name = 'insights-api'
             order by l.pid is null, a.state_change desc
             limit 1
            """;

    private final Path directory;
    private final int port = FreePort.find();
    private final DelayingProxy line;
    private EmbeddedDatabase database;
    private ServiceProcess api;

    KillableFleet(Path directory) {
        this.directory = directory;
        TestDatabase.shared(); // servers share the binaries of the first; those must not lie in a directory that goes
        database = EmbeddedDatabase.start(directory.resolve("postgres"), port);
        database.createDatabase("outrider");
        line = DelayingProxy.to(port, Duration.ZERO);
        api = startApi();
    }

    /// Past the line, and a connection of its own for every statement.
    JdbcClient jdbc() {
        return JdbcClient.create(new DriverManagerDataSource(database.jdbcUrl("outrider")));
    }

    long number(String sql) {
        return jdbc().sql(sql).query(Long.class).single();
    }

    /// Makes every merge wait until it is closed.
    Connection holdMerges() throws SQLException {
        var connection = new DriverManagerDataSource(database.jdbcUrl("outrider")).getConnection();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("lock table insights.scope in exclusive mode");
        }
        return connection;
    }

    void awaitMerge() {
        await().until(() -> number(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%insights.apply_%'")
                == 1);
    }

    /// From now on answers take a while.
    void moveDatabaseAway() {
        line.delay(Duration.ofSeconds(2));
    }

    /// Sends so much of a body and leaves the connection open.
    Socket begin(String body, double share) throws IOException {
        var bytes = body.getBytes(UTF_8);
        var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), api.port());
        var out = socket.getOutputStream();
        out.write(
                "POST /v1/reports HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\nContent-Length: %d\r\n\r\n"
                        .formatted(TestApi.token(null), bytes.length)
                        .getBytes(UTF_8));
        out.write(bytes, 0, (int) (bytes.length * share));
        return socket;
    }

    /// Sends a report until it is answered, as a checker does.
    JsonNode send(String body) {
        var answer = new AtomicReference<JsonNode>();
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            var sent = TestApi.send(TestApi.request(api.port(), "/v1/reports", TestApi.token(null))
                    .header("Content-Type", ReportController.NDJSON)
                    .POST(BodyPublishers.ofString(body)));
            answer.set(sent.body().at("/items/0"));
            return sent.status() == 200 && !answer.get().at("/kind").asString().equals("busy");
        });
        return answer.get();
    }

    void kill(Victim victim) throws IOException {
        switch (victim) {
            case API -> api.kill();
            case BACKEND -> kill(number(BACKEND));
            case POSTMASTER -> kill(postmaster());
        }
        if (victim != Victim.API) {
            line.cut(); // what was on its way does not arrive
        }
    }

    /// Brings back whoever was killed.
    void revive(Victim victim) {
        line.delay(Duration.ZERO);
        line.mend();
        switch (victim) {
            case API -> api = startApi();
            case BACKEND -> awaitDatabase(); // its postmaster starts all anew
            case POSTMASTER -> {
                database.close();
                database = EmbeddedDatabase.start(directory.resolve("postgres"), port);
            }
        }
    }

    @Override
    public void close() {
        api.close();
        line.close();
        database.close();
    }

    private ServiceProcess startApi() {
        var apiPort = FreePort.find();
        var settings = new ArrayList<>(TestApi.settings(
                apiPort,
                database.jdbcUrl("outrider").replace(":" + port, ":" + line.port()),
                "--outrider.ingest.copy.above-rows=200",
                "--outrider.ingest.copy.from-rows=200"));
        settings.add("--spring.kafka.listener.auto-startup=false");
        return ServiceProcess.start(InsightsApplication.class, apiPort, directory.resolve("api.log"), settings);
    }

    private void awaitDatabase() {
        await().ignoreExceptions().until(() -> number("select 1") == 1);
    }

    private long postmaster() throws IOException {
        var claim = directory.resolve("postgres").resolve("cluster").resolve("postmaster.pid");
        return Long.parseLong(Files.readAllLines(claim).getFirst().strip());
    }

    /// With -9, and waits until it is gone, and with a postmaster all of its children.
    private static void kill(long pid) {
        var process = ProcessHandle.of(pid).orElseThrow();
        var children = process.children().toList();
        process.destroyForcibly();
        process.onExit().join();
        children.forEach(child -> child.onExit().join());
    }
}
