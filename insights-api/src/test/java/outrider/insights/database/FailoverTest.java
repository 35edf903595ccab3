package outrider.insights.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.embedded.PrimaryAndStandby;
import outrider.insights.TestApi;
import outrider.insights.TestInsights;
import outrider.insights.ingest.TestReport;

/// A replica that knows a primary and its standby.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FailoverTest {

    @TempDir
    static Path directory;

    private static PrimaryAndStandby servers;
    private static ConfigurableApplicationContext replica;

    @BeforeAll
    static void start() throws Exception {
        servers = new PrimaryAndStandby(directory, "outrider", FailoverTest::migrate, Map.of());
        replica = TestApi.start(servers.url(), "--outrider.database.primary.interval=100ms");
    }

    @AfterAll
    static void stop() {
        replica.close();
        servers.close();
    }

    @Test
    @Order(1)
    void reports_reach_the_primary_wherever_it_is_listed() {
        assertThat(report(UUID.randomUUID())).isEqualTo(200);
        assertThat(readiness()).isEqualTo(200);
        assertThat(servers.ask(servers.standby(), "select pg_is_in_recovery()")).isEqualTo("t");
    }

    @Test
    @Order(2)
    void a_server_that_takes_no_writes_any_more_is_not_the_primary() {
        servers.primaryTakesWrites(false);
        await().until(() -> readiness() == 503);
        assertThat(report(UUID.randomUUID())).isEqualTo(503);

        servers.primaryTakesWrites(true);
        await().until(() -> readiness() == 200);
        await().until(() -> report(UUID.randomUUID()) == 200);
    }

    @Test
    @Order(3)
    void reports_follow_the_primary_when_it_dies_and_the_standby_takes_over() {
        var account = UUID.randomUUID();
        assertThat(report(account)).isEqualTo(200);
        await().until(() -> scopes(account).equals("1"));

        servers.primary().close();
        await().until(() -> readiness() == 503);
        assertThat(report(account)).isEqualTo(503);
        servers.ask(servers.standby(), "select pg_promote()");

        await().atMost(Duration.ofSeconds(20)).until(() -> readiness() == 200);
        await().until(() -> report(account) == 200);
        assertThat(scopes(account)).isEqualTo("2");
    }

    private static void migrate(String url) {
        try (var source = (HikariDataSource) TestInsights.migrated(url)) {
            assertThat(source.isRunning()).isTrue();
        }
    }

    private static String scopes(UUID account) {
        return servers.ask(
                servers.standby(), "select count(*) from insights.scope where account_id = '%s'".formatted(account));
    }

    private static int report(UUID account) {
        var body = new TestReport(account, UUID.randomUUID(), 1)
                .fail("lab.alpha", "a", "1")
                .ndjson();
        return TestApi.send(TestApi.request(replica, "/v1/reports", TestApi.token(null))
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString(body)))
                .status();
    }

    private static int readiness() {
        return TestApi.send(TestApi.request(replica, "/actuator/health/readiness", TestApi.token(null))
                        .GET())
                .status();
    }
}
