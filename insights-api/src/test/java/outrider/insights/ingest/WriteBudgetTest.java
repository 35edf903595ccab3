package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import outrider.insights.TestInsights;
import outrider.scan.ReportOutcome;

/// What a write may cost, by counting: round trips, log and versions of rows.
class WriteBudgetTest {

    static SingleConnectionDataSource connection;
    static JdbcClient jdbc;
    static ReportWriter writer;

    @BeforeAll
    static void connect() {
        TestInsights.JDBC.sql("select 1").query().singleValue(); // migrates
        connection = new SingleConnectionDataSource(
                TestInsights.URL + "&socketFactory=" + CountingSockets.class.getName(), true);
        jdbc = JdbcClient.create(connection);
        writer = new ReportWriter(jdbc, TestScope.PROPERTIES, TestScope.THRESHOLD);
    }

    @AfterAll
    static void disconnect() {
        connection.destroy();
    }

    @Test
    void all_reports_of_a_request_are_one_round_trip() {
        var scopes = Stream.generate(TestScope::new).limit(20).toList();
        for (var round = 0; round < 10; round++) {
            var reports = scopes.stream().map(s -> tenInsights(s).build()).toList();
            var before = CountingSockets.FLUSHES.get();

            writer.write(reports);

            assertThat(CountingSockets.FLUSHES.get() - before).isOne();
        }
    }

    @Test
    void an_unchanged_report_writes_next_to_nothing() {
        var scope = new TestScope();
        writer.write(List.of(tenInsights(scope).build()));
        writer.write(List.of(tenInsights(scope).build()));

        var before = log();
        var outcome = writer.write(List.of(tenInsights(scope).build())).getFirst();

        assertThat(outcome.kind()).isEqualTo(ReportOutcome.Kind.UNCHANGED);
        assertThat(log() - before).isLessThan(500);
    }

    @Test
    void an_unchanged_report_beside_an_open_insight_it_cannot_see_writes_next_to_nothing() {
        var scope = new TestScope();
        writer.write(List.of(tenInsights(scope).fail("lab.beta", "b", "x").build()));
        writer.write(List.of(tenInsights(scope).error("lab.beta", "b").build()));

        var before = log();
        writer.write(List.of(tenInsights(scope).error("lab.beta", "b").build()));

        assertThat(log() - before).isLessThan(1_000);
    }

    @Test
    void rewrites_only_what_changed() {
        var scope = new TestScope();
        writer.write(List.of(tenInsights(scope).build()));
        writer.write(List.of(
                tenInsights(scope).evidence("2").fail("lab.beta", "b", "x").build()));

        assertThat(rowsChangedBy(scope, 2)).isOne();
    }

    @Test
    void reads_no_table_from_end_to_end() {
        var scopes = Stream.generate(TestScope::new).limit(5).toList();
        var before = sequentialScans();
        for (var round = 1; round <= 10; round++) {
            var reports =
                    scopes.stream().map(scope -> tenInsights(scope).build()).toList();
            var changed = scopes.stream()
                    .map(scope -> tenInsights(scope)
                            .evidence("2")
                            .fail("lab.beta", "b", "x")
                            .build())
                    .toList();
            writer.write(reports);
            writer.write(changed);
        }

        assertThat(sequentialScans()).isEqualTo(before);
    }

    private static TestReport tenInsights(TestScope scope) {
        var details = IntStream.range(0, 10).mapToObj(i -> "detail " + i).toArray(String[]::new);
        return scope.scan().fail("lab.alpha", "a", details);
    }

    private static long log() {
        return jdbc.sql("select pg_current_wal_insert_lsn() - '0/0'")
                .query(Long.class)
                .single();
    }

    private static long rowsChangedBy(TestScope scope, long sequence) {
        return jdbc.sql("select count(*) from insights.insight where account_id = ? and changed_at = ?")
                .params(scope.accountId, Timestamp.from(TestScope.time(sequence)))
                .query(Long.class)
                .single();
    }

    private static long sequentialScans() {
        jdbc.sql("select pg_stat_force_next_flush()").query().listOfRows();
        // Of what reports read: in small tables that others look at, as often as they like, it is what one wants.
        return jdbc.sql("""
                select sum(seq_scan)
                  from pg_stat_user_tables
                 where schemaname = 'insights'
                   and relname in ('scope', 'insight', 'part', 'withheld', 'account', 'asset')
                """).query(Long.class).single();
    }
}
