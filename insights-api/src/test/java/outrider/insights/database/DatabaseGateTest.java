package outrider.insights.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.embedded.DelayingProxy;
import outrider.embedded.TestDatabase;

/// A pool of three connections: two for reports, one for everything else.
class DatabaseGateTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final DelayingProxy proxy = DelayingProxy.to(TestDatabase.shared().port(), Duration.ZERO);
    private final HikariDataSource pool = new HikariDataSource();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DatabaseGate gate;
    private final JdbcClient jdbc;

    DatabaseGateTest() {
        pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&socketFactory=%s"
                .formatted(proxy.port(), CountedSockets.class.getName()));
        pool.setMaximumPoolSize(3);
        pool.setConnectionTimeout(250);
        pool.setInitializationFailTimeout(-1);
        gate = gate(2);
        jdbc = JdbcClient.create(gate);
    }

    @AfterEach
    void close() {
        pool.close();
        proxy.close();
    }

    @Test
    void reports_leave_a_connection_to_everything_else_and_it_to_them() throws SQLException {
        var use = new DatabaseUse(LONG);
        try (var _ = use.during(this::open);
                var _ = use.during(this::open);
                var _ = gate.getConnection()) {
            assertThatThrownBy(() -> use.during(this::open)).hasMessageContaining("all 2 connections for reports");
            assertThatThrownBy(gate::getConnection).hasMessageContaining("all 1 connections for others");
            assertThat(used("reports")).isEqualTo(2);
        }
        assertThat(used("reports")).isZero();
        assertThat(refused("reports")).isOne();
        assertThat(refused("others")).isOne();
    }

    @Test
    void who_finds_no_connection_hears_it_before_the_pool_would_say_so() throws SQLException {
        try (var _ = gate.getConnection()) {
            var started = System.nanoTime();
            assertThatThrownBy(gate::getConnection).isInstanceOf(SQLException.class);
            assertThat(System.nanoTime() - started).isLessThan(pool.getConnectionTimeout() * 1_000_000);
        }
    }

    @Test
    void a_connection_gives_its_place_back_once() throws SQLException {
        var connection = gate.getConnection();
        connection.close();
        connection.close();

        try (var _ = gate.getConnection()) {
            assertThatThrownBy(gate::getConnection).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void a_pool_that_gives_none_costs_no_place() throws SQLException {
        proxy.cut();
        for (var i = 0; i < 5; i++) {
            assertThatThrownBy(gate::getConnection).hasMessageNotContaining("in use");
        }
        proxy.mend();
        // The pool takes its time to try again.
        await().ignoreExceptions().untilAsserted(() -> gate.getConnection().close());
    }

    @Test
    void the_database_ends_a_statement_with_its_budget_and_applies_nothing() {
        jdbc.sql("create table if not exists half (id uuid)").update();
        var id = UUID.randomUUID();
        var insert = "with slow as materialized (select pg_sleep(20)) insert into half select ? from slow";

        assertThatThrownBy(() -> new DatabaseUse(Duration.ofMillis(300))
                        .during(() -> jdbc.sql(insert).param(id).update()))
                .isInstanceOf(QueryTimeoutException.class)
                .hasMessageContaining("statement timeout");

        assertThat(jdbc.sql("select count(*) from half where id = ?")
                        .param(id)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void the_limit_holds_for_no_statement_after_it() {
        var use = new DatabaseUse(LONG);
        use.during(() -> jdbc.sql("select ?").param("x").query(String.class).single());

        assertThat(jdbc.sql("show statement_timeout").query(String.class).single())
                .isEqualTo("0");
    }

    @Test
    void a_budgeted_statement_is_one_round_trip() {
        jdbc.sql("select 1").query().singleValue(); // connects
        for (var i = 0; i < 10; i++) { // past the driver's threshold for server-side statements
            var use = new DatabaseUse(LONG);
            var sum = use.during(() -> jdbc.sql("select ?::int + ?::int")
                    .params(40, 2)
                    .query(Integer.class)
                    .single());

            assertThat(sum).isEqualTo(42);
            assertThat(use.roundTrips()).isOne();
        }
    }

    @Test
    void an_update_under_a_budget_counts_its_rows() {
        jdbc.sql("create table if not exists half (id uuid)").update();

        var rows = new DatabaseUse(LONG)
                .during(() -> jdbc.sql("insert into half values (?), (?)")
                        .params(UUID.randomUUID(), UUID.randomUUID())
                        .update());

        assertThat(rows).isEqualTo(2);
    }

    @Test
    void counts_what_the_way_costs() {
        jdbc.sql("select 1").query().singleValue();
        proxy.delay(Duration.ofMillis(25));

        var use = new DatabaseUse(LONG);
        use.during(() -> jdbc.sql("select 1").query().singleValue());

        assertThat(use.blocked()).isGreaterThan(Duration.ofMillis(50));
    }

    @Test
    void a_budget_that_is_used_up_touches_no_table() {
        var use = new DatabaseUse(Duration.ZERO);

        assertThatThrownBy(() -> use.during(() -> jdbc.sql("select 1").query().singleValue()))
                .hasRootCauseInstanceOf(SQLTimeoutException.class);
        assertThat(use.roundTrips()).isZero();
    }

    @Test
    void a_database_that_falls_silent_holds_no_connection_longer_than_the_budget() {
        jdbc.sql("select 1").query().singleValue();
        proxy.stall();

        assertThatThrownBy(() -> new DatabaseUse(Duration.ofMillis(200))
                        .during(() -> jdbc.sql("select 1").query().singleValue()))
                .isInstanceOf(DataAccessResourceFailureException.class);
        assertThat(used("reports")).isZero();
    }

    @Test
    void reports_may_not_have_the_whole_pool() {
        assertThatThrownBy(() -> gate(3)).hasMessageContaining("must leave some of the 3");
    }

    private DatabaseGate gate(int reports) {
        var properties = new DatabaseProperties(
                reports, Duration.ofMillis(50), new DatabaseProperties.Primary(LONG, 1, LONG, LONG));
        return new DatabaseGate(pool, 3, properties, new DatabaseMetrics(meters));
    }

    private Connection open() {
        try {
            return gate.getConnection();
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException(e.getMessage(), e);
        }
    }

    private double used(String share) {
        return meters.get("outrider.database.connections.used")
                .tag("share", share)
                .gauge()
                .value();
    }

    private double refused(String share) {
        return meters.get("outrider.database.connections.refused")
                .tag("share", share)
                .counter()
                .count();
    }
}
