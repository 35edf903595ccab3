package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import outrider.embedded.FreePort;
import outrider.embedded.ServiceProcess;
import outrider.embedded.TestBroker;
import outrider.embedded.TestDatabase;
import outrider.scan.ScanJob;
import outrider.scheduler.SchedulerApplication;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Topic;

/// kill -9 of a scheduler wherever it makes a difference to a scan. A trigger holds it there.
class KillTest {

    private static final int ASSETS = 20;

    @TempDir
    private Path directory;

    private final String database = TestDatabase.fresh();
    /// Takes over once the other is dead, and makes its rounds by hand.
    private final TestScheduler survivor = TestScheduler.byHand(database, "outrider.schedule.burst=1000");
    private UUID account;

    @BeforeEach
    void makeSomethingDue() {
        account = survivor.account("pro");
        survivor.assets(account, ASSETS, Instant.now().minusSeconds(60));
    }

    @AfterEach
    void stop() {
        survivor.close();
    }

    @Test
    void within_the_claim_nothing_has_happened() throws Exception {
        killWhere("scope", "new.scan_id is not null and old.scan_id is null");

        assertThat(number("select count(*) from scheduler.standing where scan_id is not null"))
                .isZero();
        assertThat(jobs()).isEmpty();
        assertThat(takenOver()).hasSize(ASSETS * TestScheduler.checkers());
    }

    /// There it gives back the permission that it did not need.
    @Test
    void between_claiming_and_publishing_each_is_published_once() throws Exception {
        killWhere("pace", "new.allowance > old.allowance and new.refilled_at = old.refilled_at");

        assertThat(number("select count(*) from scheduler.standing where scan_id is not null"))
                .isPositive();
        assertThat(jobs()).isEmpty();
        assertThat(takenOver()).hasSize(ASSETS * TestScheduler.checkers()).doesNotHaveDuplicates();
    }

    @Test
    void between_publishing_and_noting_where_the_same_scans_are_published_again() throws Exception {
        killWhere("batch", "new.published and not old.published");

        var published = jobs();
        assertThat(published).isNotEmpty().doesNotHaveDuplicates();
        var all = takenOver();

        assertThat(all).hasSize(ASSETS * TestScheduler.checkers() + published.size());
        assertThat(new HashSet<>(all)).hasSize(ASSETS * TestScheduler.checkers());
    }

    /// Starts a scheduler, holds it at the first such change of a row, and kills it there; the change is undone.
    private void killWhere(String table, String change) throws SQLException {
        var port = FreePort.find();
        try (var holder = hold(table, change);
                var victim = ServiceProcess.start(
                        SchedulerApplication.class, port, directory.resolve("victim.log"), settings(port))) {
            await().atMost(Duration.ofMinutes(1)).until(() -> held() > 0);
            victim.kill();
            survivor.jdbc()
                    .sql("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted")
                    .query(Boolean.class)
                    .list();
            await().until(() -> held() == 0);
            holder.rollback();
        }
        await().until(() -> number("select count(*) from pg_locks where locktype = 'advisory'") == 0);
        survivor.jdbc().sql("drop trigger hold on scheduler." + table).update();
    }

    private long held() {
        return number("select count(*) from pg_locks where locktype = 'advisory' and not granted");
    }

    private List<String> settings(int port) {
        return TestScheduler.settings(
                port, database, Stream.of("outrider.schedule.tick=50ms", "outrider.schedule.burst=1000"));
    }

    private Connection hold(String table, String change) throws SQLException {
        survivor.jdbc().sql("""
                create or replace function hold_row() returns trigger language plpgsql as
                $$ begin perform pg_advisory_xact_lock(4711); return new; end $$
                """).update();
        survivor.jdbc()
                .sql(
                        "create trigger hold before update on scheduler.%s for each row when (%s) execute function hold_row()"
                                .formatted(table, change))
                .update();
        var connection = new DriverManagerDataSource(database).getConnection();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(4711)");
        }
        return connection;
    }

    /// The jobs after the survivor has made its rounds, once the dead one's claims have lapsed.
    private List<ScanJob> takenOver() {
        // The permission that the dead one had taken died with it; here it is not the rate that is looked at.
        survivor.jdbc().sql("update scheduler.pace set allowance = 1000").update();
        survivor.clock()
                .advance(Duration.between(survivor.clock().instant(), Instant.now())
                        .plus(Duration.ofMinutes(1)));
        while (survivor.bean(ScanTicker.class).tick()) {}
        return jobs();
    }

    private List<ScanJob> jobs() {
        return Topic.jobs(TestBroker.shared(), account);
    }

    private long number(String sql) {
        return survivor.jdbc().sql(sql).query(Long.class).single();
    }
}
