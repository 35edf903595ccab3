package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import outrider.insights.TestInsights;
import outrider.scan.ReportOutcome;
import outrider.scan.ReportOutcome.Kind;
import outrider.web.ProblemException;

/// A large report on its way through a slot, and what may happen to it there.
class LargeReportTest {

    private final TestScope scope = new TestScope();
    private final ReportWriter writer = new ReportWriter(TestInsights.JDBC, TestScope.PROPERTIES, TestScope.THRESHOLD);

    /// Whatever a test does, nobody holds a slot afterwards and all are empty.
    @AfterEach
    void slots_are_free_and_empty() {
        await().untilAsserted(() -> {
            assertThat(leased()).isZero();
            assertThat(visibleRows()).isZero();
        });
    }

    @Test
    void survives_that_its_backend_dies_during_copy() {
        var stage = TestScope.STAGING.lease();
        terminate();

        assertThatThrownBy(() -> report(100).buildIn(stage)).isInstanceOf(DataAccessException.class);
        stage.close();

        assertThat(scope.states()).isEmpty();
        assertThat(scope.applyLarge(scope.scan(1).fail("lab.alpha", "a", details(100)))
                        .counts()
                        .opened())
                .isEqualTo(100);
    }

    @Test
    void survives_that_its_backend_dies_between_copy_and_merge() {
        var report = report(100).buildIn(TestScope.STAGING.lease());
        terminate();

        assertThatThrownBy(() -> writer.write(report)).isInstanceOf(DataAccessException.class);
        report.release();

        assertThat(scope.states()).isEmpty();
        assertThat(scope.applyLarge(scope.scan(1).fail("lab.alpha", "a", details(100)))
                        .kind())
                .isEqualTo(Kind.APPLIED);
    }

    @Test
    void is_answered_again_when_its_backend_died_after_the_commit() {
        var report = report(100);
        var large = report.buildIn(TestScope.STAGING.lease());
        var answer = writer.write(large);
        terminate();
        large.release();

        var again = scope.applyLarge(report);

        assertThat(again.kind()).isEqualTo(Kind.REPLAYED);
        assertThat(again.counts()).isEqualTo(answer.counts());
    }

    @Test
    void a_slot_that_somebody_died_on_is_emptied_by_the_next() {
        report(100).buildIn(TestScope.STAGING.lease());
        terminate();
        await().untilAsserted(() -> assertThat(leased()).isZero());
        assertThat(sizeOfSlots()).isPositive();

        scope.applyLarge(scope.scan(1).fail("lab.alpha", "a", "x"));

        assertThat(scope.states()).containsOnlyKeys("x");
        await().untilAsserted(() -> assertThat(sizeOfSlots()).isZero());
    }

    @Test
    void a_report_that_breaks_off_leaves_nothing() {
        var stage = TestScope.STAGING.lease();
        report(50).buildIn(stage).release();

        await().untilAsserted(() -> assertThat(sizeOfSlots()).isZero());
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void a_small_report_of_the_scope_hears_busy_while_a_large_one_is_merged() {
        scope.apply(scope.scan(1).fail("lab.alpha", "a", "x"));
        var large = report(100).buildIn(TestScope.STAGING.lease());
        large.stage()
                .jdbc()
                .sql("select 1 from insights.scope where account_id = ? for no key update")
                .param(scope.accountId)
                .query()
                .listOfRows();

        assertThat(scope.apply(scope.scan(3).fail("lab.alpha", "a", "y")).kind())
                .isEqualTo(Kind.BUSY);

        large.release();
        await().untilAsserted(() -> assertThat(
                        scope.apply(scope.scan(3).fail("lab.alpha", "a", "y")).kind())
                .isEqualTo(Kind.APPLIED));
    }

    @Test
    void a_small_report_of_a_scope_that_a_large_one_brings_hears_busy_and_waits_for_no_merge() throws Exception {
        var large = report(100).buildIn(TestScope.STAGING.lease());
        var other = new TestScope();
        try (var holder = TestInsights.SOURCE.getConnection();
                var statement = holder.createStatement();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            TestInsights.JDBC.sql("""
                    create function hold_merge() returns trigger language plpgsql as
                    $$ begin perform pg_advisory_xact_lock(4711); return new; end $$
                    """).update();
            TestInsights.JDBC.sql("""
                    create trigger hold_merge before insert on insights.insight for each row when (new.account_id = '%s')
                    execute function hold_merge()
                    """.formatted(scope.accountId)).update();
            holder.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(4711)");
            var merged = threads.submit(() -> writer.write(large));
            try {
                await().until(() -> number(
                                "select count(*) from pg_stat_activity where wait_event = 'advisory' and query like '%apply_stage%'")
                        == 1);

                assertThat(writer.write(List.of(
                                scope.scan(3).pass("lab.alpha", "a").build(),
                                other.scan().pass("lab.alpha", "a").build())))
                        .extracting(ReportOutcome::kind)
                        .containsExactly(Kind.BUSY, Kind.UNCHANGED);
            } finally {
                holder.rollback();
            }
            assertThat(merged.get().kind()).isEqualTo(Kind.APPLIED);
        } finally {
            TestInsights.JDBC.sql("drop function hold_merge cascade").update();
        }
        large.release();
    }

    @Test
    void hears_unavailable_when_all_slots_are_taken() {
        try (var connection = TestInsights.SOURCE.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("select pg_advisory_lock(4242, n) from generate_series(1, 16) n");
            assertThatThrownBy(TestScope.STAGING::lease).isInstanceOf(ProblemException.class);
            statement.execute("select pg_advisory_unlock_all()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void writes_nothing_into_the_catalogs_and_next_to_nothing_when_unchanged() {
        sendUnchanged(2_000, 20);
    }

    @Test
    @Tag("soak")
    void a_thousand_write_nothing_into_the_catalogs() {
        sendUnchanged(300, 1_000);
    }

    private void sendUnchanged(int insights, int calls) {
        scope.applyLarge(report(insights));
        scope.applyLarge(report(insights));
        await().untilAsserted(() -> assertThat(leased()).isZero());
        var before = catalogRows();
        var written = new ArrayList<Long>();

        for (var call = 0; call < calls; call++) {
            var log = log();
            assertThat(scope.applyLarge(report(insights)).kind()).isEqualTo(Kind.UNCHANGED);
            await().pollDelay(Duration.ZERO)
                    .untilAsserted(() -> assertThat(leased()).isZero());
            written.add(log() - log);
        }

        // The first after a checkpoint writes whole pages.
        Collections.sort(written);
        assertThat(written.get(calls / 2)).isLessThan(4_000);
        assertThat(catalogRows()).isEqualTo(before);
    }

    private TestReport report(int insights) {
        return scope.scan().fail("lab.alpha", "a", details(insights)).pass("lab.beta", "b");
    }

    private static String[] details(int count) {
        return IntStream.range(0, count).mapToObj(i -> "detail " + i).toArray(String[]::new);
    }

    /// Ends every session that has leased a slot.
    private static void terminate() {
        TestInsights.JDBC
                .sql("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 4242")
                .query()
                .listOfRows();
    }

    private static long leased() {
        return number("select count(*) from pg_locks where locktype = 'advisory' and classid = 4242");
    }

    private static long visibleRows() {
        return IntStream.rangeClosed(1, 16)
                .mapToLong(slot -> number("select count(*) from insights.stage_" + slot))
                .sum();
    }

    private static long sizeOfSlots() {
        return number("select sum(pg_relation_size('insights.stage_' || n)) from generate_series(1, 16) n");
    }

    /// But for what autovacuum learns of tables, whenever it likes.
    private static long catalogRows() {
        // Each session keeps its own count for a while, unless it is told not to.
        var sessions = new ArrayList<Connection>();
        try {
            for (var session = 0; session < TestInsights.SESSIONS; session++) {
                sessions.add(TestInsights.SOURCE.getConnection());
                try (var statement = sessions.getLast().createStatement()) {
                    statement.execute("select pg_stat_force_next_flush()");
                    statement.execute("select 1");
                }
            }
            for (var session : sessions) {
                session.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return number(
                "select sum(n_tup_ins + n_tup_del) from pg_stat_sys_tables where schemaname = 'pg_catalog' and relname <> 'pg_statistic'");
    }

    private static long log() {
        return number("select pg_current_wal_insert_lsn() - '0/0'");
    }

    private static long number(String sql) {
        return TestInsights.JDBC.sql(sql).query(Long.class).single();
    }
}
