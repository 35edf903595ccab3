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
        var old = record(thisMonth.plusDays(20));
        var younger = record(thisMonth.plusMonths(1));
        tick(now());

        tick(thisMonth.plusMonths(1).toInstant().plus(RETAIN).minusSeconds(1));
        assertThat(partitionOf(old)).isEqualTo(name(0));
        tick(thisMonth.plusMonths(1).toInstant().plus(RETAIN));

        assertThat(events(old)).isZero();
        assertThat(partitionOf(younger)).isEqualTo(name(1));
        assertThat(partitions("dropped")).isOne();
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
        var lost = record(thisMonth.plusMonths(5));

        tick(thisMonth.plusMonths(6).toInstant().plus(RETAIN));

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
        var clock = Clock.fixed(now, UTC);
        return new HistoryKeeper(
                new HistoryRepository(database),
                new HistoryProperties(RETAIN, 2, Duration.ofMinutes(10)),
                metrics,
                clock);
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
