package outrider.insights.history;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.embedded.TestDatabase;
import outrider.insights.TestInsights;

/// The history over the months, in a database of its own.
class HistoryKeeperTest {

    private static final Duration RETAIN = Duration.ofDays(400);

    private final String url = TestDatabase.fresh();
    private final ZonedDateTime thisMonth =
            ZonedDateTime.now(UTC).truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final HistoryMetrics metrics = new HistoryMetrics(meters, Clock.systemUTC());
    private DataSource source;
    private JdbcClient jdbc;

    @BeforeEach
    void migrate() {
        source = TestInsights.migrated(url);
        jdbc = JdbcClient.create(source);
    }

    @Test
    void months_have_their_partition_before_they_come() {
        tick(now());

        assertThat(months()).containsExactly(name(0), name(1), name(2));
        assertThat(partitionOf(record(thisMonth.plusMonths(2).plusDays(3)))).isEqualTo(name(2));
        assertThat(meters.get("outrider.history.ahead").timeGauge().value(TimeUnit.DAYS))
                .isCloseTo(
                        ChronoUnit.DAYS.between(now(), thisMonth.plusMonths(3).toInstant()), within(1.0));
        assertThat(runs("done")).isOne();
    }

    @Test
    void looking_again_changes_nothing() {
        tick(now());
        tick(now());

        assertThat(months()).containsExactly(name(0), name(1), name(2));
        assertThat(partitions("made")).isEqualTo(2);
    }

    @Test
    void a_month_is_dropped_when_all_of_it_is_too_old_and_not_before() {
        holdsAllUpTo(-14);
        var old = record(thisMonth.minusMonths(14));
        var younger = record(thisMonth.plusDays(1));
        var end = thisMonth.minusMonths(13).toInstant();

        keeper(jdbc, now(), Duration.between(end, now()).plusMinutes(5)).tick();
        assertThat(partitionOf(old)).isEqualTo(name(-14));
        keeper(jdbc, now(), Duration.between(end, now()).minusMinutes(5)).tick();

        assertThat(events(old)).isZero();
        assertThat(events(younger)).isOne();
        assertThat(partitions("dropped")).isOne();
    }

    @Test
    void a_replica_whose_clock_is_years_ahead_drops_nothing() {
        var event = record(thisMonth);
        var resolved = resolved(Duration.ofDays(1));

        tick(thisMonth.plusYears(10).toInstant());

        assertThat(events(event)).isOne();
        assertThat(insights()).containsExactly(resolved);
    }

    @Test
    void no_more_than_a_month_is_dropped_at_a_time() {
        holdsAllUpTo(-16);
        jdbc.sql("create table insights.%s partition of insights.insight_event for values from ('%s') to ('%s')"
                        .formatted(name(-15), thisMonth.minusMonths(15), thisMonth.minusMonths(14)))
                .update();

        tick(now());
        assertThat(months()).contains(name(-15)).doesNotContain(name(-16));
        tick(now());

        assertThat(months()).doesNotContain(name(-15));
    }

    @Test
    void insights_leave_when_they_have_been_resolved_for_as_long_as_the_history_is_kept() {
        var scope = UUID.randomUUID();
        var young = resolved(RETAIN.minusDays(1));
        resolved(RETAIN.plusDays(1));
        var open = insight(scope, null);

        tick(now());

        assertThat(insights()).containsExactlyInAnyOrder(young, open);
        assertThat(meters.get("outrider.history.forgotten").counter().count()).isOne();
    }

    @Test
    void a_scope_that_has_outlived_its_asset_is_found() {
        var account = UUID.randomUUID();
        var asset = UUID.randomUUID();
        jdbc.sql(
                        "insert into insights.asset (account_id, id, kind, name, endpoints, deleted) values (?, ?, 'HOST', '', '{}', true)")
                .params(account, asset)
                .update();
        jdbc.sql("insert into insights.scope (account_id, asset_id, checker) values (?, ?, 'lab')")
                .params(account, asset)
                .update();

        tick(now());
        tick(now());

        assertThat(jdbc.sql("select asset_id from insights.removal where deleted")
                        .query(UUID.class)
                        .list())
                .containsExactly(asset);
    }

    @Test
    void an_event_without_a_month_is_kept_and_moves_when_its_month_is_made() {
        var early = record(thisMonth.plusMonths(5));
        assertThat(partitionOf(early)).isEqualTo("insight_event_rest");
        tick(now());
        assertThat(meters.get("outrider.history.stray").gauge().value()).isOne();

        tick(thisMonth.plusMonths(4).toInstant());

        assertThat(partitionOf(early)).isEqualTo(name(5));
        assertThat(meters.get("outrider.history.stray").gauge().value()).isZero();
    }

    @Test
    void what_never_found_a_month_is_dropped_when_it_is_too_old() {
        holdsAllUpTo(-20);
        var lost = record(thisMonth.minusMonths(15));
        assertThat(partitionOf(lost)).isEqualTo("insight_event_rest");

        tick(now());

        assertThat(events(lost)).isZero();
    }

    @Test
    void of_many_replicas_at_once_one_makes_each_partition() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Void> replica = () -> {
                tick(now());
                return null;
            };
            for (var done :
                    threads.invokeAll(Stream.generate(() -> replica).limit(8).toList())) {
                done.get();
            }
        }

        assertThat(months()).containsExactly(name(0), name(1), name(2));
        assertThat(partitions("made")).isEqualTo(2);
        assertThat(runs("done") + runs("skipped")).isEqualTo(8);
    }

    @Test
    void waits_for_nobody_who_reads_and_does_it_the_next_time() throws SQLException {
        try (var reader = source.getConnection();
                var statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select count(*) from insights.insight_event");

            tick(now());

            assertThat(runs("put_off")).isOne();
            assertThat(months()).containsExactly(name(0));
            reader.rollback();
        }
        tick(now());
        assertThat(months()).containsExactly(name(0), name(1), name(2));
    }

    @Test
    void makes_a_month_while_reports_are_written() throws SQLException {
        try (var writer = source.getConnection();
                var statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute(insert(UUID.randomUUID(), now()));

            tick(now());

            assertThat(months()).containsExactly(name(0), name(1), name(2));
            writer.rollback();
        }
    }

    @Test
    void a_database_that_is_away_is_asked_again_the_next_time() {
        var closed = TestInsights.migrated(url);
        var keeper = keeper(JdbcClient.create(closed), now());
        ((HikariDataSource) closed).close();

        keeper.tick();

        assertThat(runs("failed")).isOne();
    }

    @Test
    void looks_at_start() {
        var keeper = keeper(jdbc, now());

        keeper.start();

        assertThat(months()).contains(name(2));
        keeper.stop();
        assertThat(keeper.isRunning()).isFalse();
    }

    @Test
    void a_database_of_the_release_before_keeps_its_events() {
        var before = TestDatabase.fresh();
        var flyway = Flyway.configure()
                .dataSource(before, null, null)
                .locations("classpath:db/insights")
                .schemas("insights");
        flyway.target("4").load().migrate();
        jdbc = JdbcClient.create(TestInsights.unmigrated(before));
        var events = Stream.of(thisMonth.minusYears(3), thisMonth.plusHours(1), thisMonth.plusMonths(1))
                .map(this::record)
                .toList();

        TestInsights.migrated(before);
        keeper(jdbc, now()).tick();

        assertThat(events.stream().map(this::partitionOf)).containsOnly(name(1)); // recorded by a clock that was ahead
        assertThat(months()).containsExactly(name(1), name(2));
    }

    private void tick(Instant now) {
        keeper(jdbc, now).tick();
    }

    private HistoryKeeper keeper(JdbcClient database, Instant now) {
        return keeper(database, now, RETAIN);
    }

    private HistoryKeeper keeper(JdbcClient database, Instant now, Duration retain) {
        var clock = Clock.fixed(now, UTC);
        return new HistoryKeeper(
                new HistoryRepository(database),
                new HistoryProperties(retain, 2, Duration.ofMinutes(10)),
                metrics,
                clock);
    }

    /// As if that month had been this one when the database was made.
    private void holdsAllUpTo(int monthsFromNow) {
        jdbc.sql("alter table insights.insight_event detach partition insights." + name(0))
                .update();
        jdbc.sql("drop table insights." + name(0)).update();
        jdbc.sql("create table insights.%s partition of insights.insight_event for values from (minvalue) to ('%s')"
                        .formatted(name(monthsFromNow), thisMonth.plusMonths(monthsFromNow + 1)))
                .update();
    }

    private UUID resolved(Duration ago) {
        return insight(UUID.randomUUID(), now().minus(ago));
    }

    private UUID insight(UUID account, Instant resolvedAt) {
        return jdbc.sql("""
                insert into insights.insight (account_id, scope_id, key, content_hash, severity, firm, state, check_id, subject, detail
                                            , title, evidence, first_seen, changed_at, opened_seq, resolved_at, resolution)
                select :account, 1, gen_random_uuid(), gen_random_uuid(), 2, true, case when at is null then 'open' else 'resolved' end
                     , 'lab.alpha', 'a', '', '', '{}', now(), now(), 1, at, case when at is null then null else 'fixed' end
                  from (select :at::timestamptz as at) given
                returning id
                """)
                .param("account", account)
                .param("at", resolvedAt == null ? null : resolvedAt.toString())
                .query(UUID.class)
                .single();
    }

    private List<UUID> insights() {
        return jdbc.sql("select id from insights.insight").query(UUID.class).list();
    }

    private static Instant now() {
        return Instant.now();
    }

    private String name(int monthsFromNow) {
        var month = thisMonth.plusMonths(monthsFromNow);
        return "insight_event_%d_%02d".formatted(month.getYear(), month.getMonthValue());
    }

    private List<String> months() {
        return jdbc.sql("select name from insights.history_month order by name")
                .query(String.class)
                .list();
    }

    private UUID record(ZonedDateTime at) {
        var key = UUID.randomUUID();
        jdbc.sql(insert(key, at.toInstant())).update();
        return key;
    }

    private static String insert(UUID key, Instant at) {
        return """
                insert into insights.insight_event (account_id, scope_id, key, recorded_at, at, seq, kind)
                values (gen_random_uuid(), 1, '%s', '%s', now(), 1, 'changed')
                """.formatted(key, at);
    }

    private long events(UUID key) {
        return jdbc.sql("select count(*) from insights.insight_event where key = ?")
                .param(key)
                .query(Long.class)
                .single();
    }

    private String partitionOf(UUID key) {
        return jdbc.sql(
                        "select c.relname from insights.insight_event e join pg_class c on c.oid = e.tableoid where key = ?")
                .param(key)
                .query(String.class)
                .single();
    }

    private double partitions(String what) {
        return meters.get("outrider.history.partitions")
                .tag("what", what)
                .counter()
                .count();
    }

    private double runs(String outcome) {
        var counter =
                meters.find("outrider.history.runs").tag("outcome", outcome).counter();
        return counter == null ? 0 : counter.count();
    }
}
