package outrider.insights.ingest;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.embedded.DelayingProxy;
import outrider.embedded.TestDatabase;
import outrider.insights.TestApi;
import outrider.insights.TestApi.Answer;
import outrider.insights.TestInsights;

/// A replica whose database can be moved away or held.
abstract class ReplicaBehindProxy {

    static DelayingProxy proxy;
    static ConfigurableApplicationContext replica;

    final TestScope scope = new TestScope();

    @BeforeAll
    static void start() {
        var server = TestDatabase.shared();
        proxy = DelayingProxy.to(server.port(), Duration.ZERO);
        replica = TestApi.start(
                TestInsights.URL.replace(":" + server.port(), ":" + proxy.port()),
                "--outrider.database.primary.interval=50ms",
                "--outrider.ingest.request.grace=500ms",
                "--outrider.ingest.copy.above-rows=1000",
                "--server.tomcat.connection-timeout=1s");
    }

    @AfterAll
    static void stop() {
        replica.close();
        proxy.close();
    }

    @AfterEach
    void mend() throws SQLException {
        proxy.mend();
        proxy.delay(Duration.ZERO);
        var pool =
                replica.getBean(DataSource.class).unwrap(HikariDataSource.class).getHikariPoolMXBean();
        pool.softEvictConnections();
        await().until(() -> pool.getIdleConnections() == 8);
        await().until(() -> health("readiness") == 200);
    }

    String report() {
        return scope.scan().fail("lab.alpha", "a", "1").ndjson();
    }

    String large() {
        var details = IntStream.range(0, 1_500).mapToObj(i -> "record " + i).toArray(String[]::new);
        return scope.scan().fail("lab.alpha", "a", details).ndjson();
    }

    static long leased() {
        return TestInsights.JDBC
                .sql("select count(*) from pg_locks where locktype = 'advisory' and classid = 4242")
                .query(Long.class)
                .single();
    }

    static Answer send(String body, String... headers) {
        var request = TestApi.request(replica, "/v1/reports", TestApi.token(null))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(body));
        return TestApi.send(headers.length == 0 ? request : request.headers(headers));
    }

    static String timing(Answer answer) {
        return answer.response().headers().firstValue("Server-Timing").orElseThrow();
    }

    static int health(String probe) {
        return TestApi.send(TestApi.request(replica, "/actuator/health/" + probe, TestApi.token(null))
                        .GET())
                .status();
    }

    static double usedByReports() {
        return replica.getBean(MeterRegistry.class)
                .get("outrider.database.connections.used")
                .tag("share", "reports")
                .gauge()
                .value();
    }
}
