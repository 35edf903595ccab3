package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.insights.TestApi;
import outrider.insights.TestInsights;

/// What a request is told while the database is far away, gone or held.
class ReportLatencyTest extends ReplicaBehindProxy {

    private static final String TIMING =
            "parse;dur=([\\d.]+), wait;dur=([\\d.]+), db;dur=([\\d.]+), round-trips;desc=\"(\\d+)\"";

    @Test
    void traffic_follows_the_database() {
        assertThat(health("readiness")).isEqualTo(200);

        proxy.delay(Duration.ofMillis(30));
        await().until(() -> health("readiness") == 503);
        assertThat(health("liveness")).isEqualTo(200);

        proxy.delay(Duration.ZERO);
        await().until(() -> health("readiness") == 200);
    }

    /// A load balancer asks readiness once a connection; a kept one would stay with a far replica.
    @Test
    void a_far_replica_writes_the_report_and_sends_its_caller_elsewhere() {
        assertThat(send(report()).response().headers().map()).doesNotContainKeys("primary", "connection");
        proxy.delay(Duration.ofMillis(30));
        await().until(() -> health("readiness") == 503);

        var answer = send(report());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().headers().firstValue("primary")).hasValue("far");
        assertThat(answer.response().headers().firstValue("connection")).hasValue("close");
    }

    @Test
    void so_does_one_without_a_primary() {
        proxy.cut();
        await().until(() -> health("readiness") == 503);

        var answer = send(report());

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.response().headers().firstValue("primary")).hasValue("lost");
        assertThat(answer.response().headers().firstValue("connection")).hasValue("close");
    }

    @Test
    void without_a_primary_it_is_alive_and_not_ready() {
        proxy.cut();
        await().until(() -> health("readiness") == 503);
        assertThat(health("liveness")).isEqualTo(200);
    }

    @Test
    void the_answer_says_where_its_time_went() {
        send(report()); // a connection that has not been used lately is asked first whether it lives
        proxy.delay(Duration.ofMillis(30));

        var timing = Pattern.compile(TIMING).matcher(timing(send(report())));

        assertThat(timing.matches()).isTrue();
        assertThat(Double.parseDouble(timing.group(1))).isPositive();
        assertThat(Integer.parseInt(timing.group(4))).isBetween(1, 2);
        assertThat(Double.parseDouble(timing.group(3))).isGreaterThan(60.0 * Integer.parseInt(timing.group(4)));
    }

    @Test
    void so_does_a_refusal() {
        assertThat(timing(send("nonsense"))).matches(TIMING).endsWith("round-trips;desc=\"0\"");
    }

    @Test
    void a_budget_that_is_used_up_leaves_the_database_alone() {
        var answer = send(report(), "budget", "PT0.000001S");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("1");
        assertThat(answer.body().at("/detail").asString()).contains("budget of this request was used up");
        assertThat(timing(answer)).endsWith("round-trips;desc=\"0\"");
        assertThat(scope.states()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "soon", ""})
    void a_budget_that_is_none_is_refused(String budget) {
        var answer = send(report(), "budget", budget);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/errors/0/field").asString()).isEqualTo("budget");
    }

    @Test
    void a_write_ends_with_its_budget_and_applies_nothing() throws SQLException {
        try (var other = TestInsights.SOURCE.getConnection();
                var lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table insights.scope in access exclusive mode");

            var answer = send(report(), "budget", "PT0.5S");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("1");
            other.rollback();
        }
        assertThat(scope.states()).isEmpty();
        assertThat(send(report()).status()).isEqualTo(200);
    }

    @Test
    void a_large_write_ends_with_its_budget_and_applies_nothing() throws SQLException {
        try (var other = TestInsights.SOURCE.getConnection();
                var lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table insights.scope in access exclusive mode");

            assertThat(send(large(), "budget", "PT3S").status()).isEqualTo(503);

            other.rollback();
        }
        assertThat(scope.states()).isEmpty();
        await().untilAsserted(() -> assertThat(leased()).isZero());
        assertThat(send(large()).status()).isEqualTo(200);
    }

    @Test
    void reports_that_find_no_connection_hear_it_at_once_and_readers_do_not_notice() throws Exception {
        try (var other = TestInsights.SOURCE.getConnection();
                var lock = other.createStatement();
                var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            other.setAutoCommit(false);
            lock.execute("lock table insights.scope in exclusive mode");
            for (var i = 0; i < 5; i++) {
                senders.submit(
                        () -> send(new TestScope().scan().pass("lab.alpha", "a").ndjson(), "budget", "PT20S"));
            }
            await().until(() -> usedByReports() == 5);

            var refused = send(report());
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.response().headers().firstValue("Retry-After")).hasValue("1");
            assertThat(timing(refused)).endsWith("round-trips;desc=\"0\"");
            assertThat(TestApi.send(TestApi.request(replica, "/v1/insights", TestApi.token(null))
                                    .GET())
                            .status())
                    .isEqualTo(200);
            other.rollback();
        }
    }
}
