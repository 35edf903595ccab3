package outrider.insights.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.embedded.DelayingProxy;
import outrider.embedded.TestDatabase;
import outrider.insights.TestApi;
import outrider.insights.TestApi.Answer;
import outrider.insights.TestInsights;

/// A replica whose database can be moved away or held, and whose senders stall: what a request is told, and what it
/// costs the others.
class ReportLatencyTest {

    private static final String TIMING =
            "parse;dur=([\\d.]+), wait;dur=([\\d.]+), db;dur=([\\d.]+), round-trips;desc=\"(\\d+)\"";

    private static DelayingProxy proxy;
    private static ConfigurableApplicationContext replica;

    private final TestScope scope = new TestScope();

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

    @Test
    void bodies_that_stall_hold_no_connection_and_are_given_up() throws IOException {
        var stalled = new ArrayList<Socket>();
        for (var i = 0; i < 20; i++) {
            stalled.add(begin(report()));
        }

        assertThat(send(report()).status()).isEqualTo(200);
        assertThat(usedByReports()).isZero();
        for (var socket : stalled) {
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 408");
            socket.close();
        }
    }

    @Test
    void a_large_body_that_stalls_gives_its_slot_back() throws IOException {
        var socket = begin(large());
        await().untilAsserted(() -> assertThat(leased()).isOne());

        assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).startsWith("HTTP/1.1 408");

        socket.close();
        await().untilAsserted(() -> assertThat(leased()).isZero());
        assertThat(scope.states()).isEmpty();
    }

    /// More of them than there are connections for large reports.
    @Test
    void large_bodies_that_break_off_give_slots_and_connections_back() throws IOException {
        for (var i = 0; i < 5; i++) {
            var socket = begin(large());
            await().untilAsserted(() -> assertThat(leased()).isOne());
            socket.close();
            await().untilAsserted(() -> assertThat(leased()).isZero());
        }

        assertThat(send(large()).status()).isEqualTo(200);
        assertThat(scope.states()).hasSize(1_500);
    }

    @Test
    void a_body_that_trickles_is_given_up() throws IOException {
        var socket = begin(report());
        try (var trickle = Executors.newSingleThreadScheduledExecutor()) {
            var drops = trickle.scheduleAtFixedRate(() -> write(socket, " "), 0, 50, TimeUnit.MILLISECONDS);

            var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 408").contains("too-slow", "Server-Timing");
            drops.cancel(true);
        }
        socket.close();
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void a_refused_body_that_trickles_on_is_not_listened_to_for_long() throws IOException {
        var socket = begin("nonsense\n");
        try (var trickle = Executors.newSingleThreadScheduledExecutor()) {
            var drops = trickle.scheduleAtFixedRate(() -> write(socket, " "), 0, 50, TimeUnit.MILLISECONDS);

            var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400");
            drops.cancel(true);
        }
        socket.close();
    }

    @Test
    void a_body_that_breaks_off_leaves_nothing_behind() throws IOException {
        begin(report()).close();

        assertThat(send(report()).status()).isEqualTo(200);
        await().until(() -> usedByReports() == 0);
        assertThat(scope.states()).hasSize(1);
    }

    private String report() {
        return scope.scan().fail("lab.alpha", "a", "1").ndjson();
    }

    private String large() {
        var details = IntStream.range(0, 1_500).mapToObj(i -> "record " + i).toArray(String[]::new);
        return scope.scan().fail("lab.alpha", "a", details).ndjson();
    }

    private static long leased() {
        return TestInsights.JDBC
                .sql("select count(*) from pg_locks where locktype = 'advisory' and classid = 4242")
                .query(Long.class)
                .single();
    }

    /// Sends the beginning of a longer body.
    private static Socket begin(String part) throws IOException {
        var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), TestApi.port(replica));
        socket.setSoTimeout(20_000);
        write(
                socket,
                "POST /v1/reports HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n%s"
                        .formatted(TestApi.token(null), part));
        return socket;
    }

    private static void write(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the other side has closed it", e); // ends the trickle
        }
    }

    private static Answer send(String body, String... headers) {
        var request = TestApi.request(replica, "/v1/reports", TestApi.token(null))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(body));
        return TestApi.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static String timing(Answer answer) {
        return answer.response().headers().firstValue("Server-Timing").orElseThrow();
    }

    private static int health(String probe) {
        return TestApi.send(TestApi.request(replica, "/actuator/health/" + probe, TestApi.token(null))
                        .GET())
                .status();
    }

    private static double usedByReports() {
        return replica.getBean(MeterRegistry.class)
                .get("outrider.database.connections.used")
                .tag("share", "reports")
                .gauge()
                .value();
    }
}
