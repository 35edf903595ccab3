package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import outrider.embedded.TestDatabase;
import outrider.insights.TestInsights;

/// A scope with a long past costs what a young one costs, counted in pages that are looked at. In a database of its
/// own.
class OldScopeTest {

    private static final int PAST = 500_000;

    private SingleConnectionDataSource connection;
    private JdbcClient jdbc;
    private ReportWriter writer;

    @BeforeEach
    void connect() {
        var url = TestDatabase.fresh();
        TestInsights.migrated(url);
        connection = new SingleConnectionDataSource(url, true);
        jdbc = JdbcClient.create(connection);
        writer = new ReportWriter(jdbc, TestScope.PROPERTIES, TestScope.THRESHOLD);
    }

    @AfterEach
    void disconnect() {
        connection.destroy();
    }

    @Test
    void a_changed_report_reads_no_more_in_an_old_scope_than_in_a_young_one() {
        var young = new TestScope();
        var old = new TestScope();
        write(young.scan().fail("lab.alpha", "a", "1"));
        write(old.scan().fail("lab.alpha", "a", "1"));
        resolved(old);
        write(young.scan().evidence("2").fail("lab.alpha", "a", "1"));
        write(old.scan().evidence("2").fail("lab.alpha", "a", "1"));

        var inYoung = pages(young.scan().evidence("3").fail("lab.alpha", "a", "1", "past 7"));
        var inOld = pages(old.scan().evidence("3").fail("lab.alpha", "a", "1", "past 7"));

        assertThat(inOld - inYoung).isLessThanOrEqualTo(50);
        assertThat(jdbc.sql("select state from insights.insight where account_id = ? and detail = 'past 7'")
                        .param(old.accountId)
                        .query(String.class)
                        .single())
                .isEqualTo("open");
    }

    /// As if so many had been found and mended; one of them will be found again.
    private void resolved(TestScope scope) {
        var again = scope.scan(1)
                .fail("lab.alpha", "a", "past 7")
                .build()
                .insights()
                .getFirst();
        jdbc.sql("""
                insert into insights.insight (account_id, scope_id, key, content_hash, severity, firm, state, check_id, subject, detail
                                            , title, evidence, first_seen, changed_at, opened_seq, resolved_at, resolution)
                select s.account_id, s.scope_id, case when n = 7 then ? else gen_random_uuid() end, gen_random_uuid(), 2, true, 'resolved'
                     , 'lab.alpha', 'a', 'past ' || n, '', '{}', s.scanned_at, s.scanned_at, 1, s.scanned_at, 'fixed'
                  from insights.scope s cross join generate_series(1, ?) n
                 where s.account_id = ?
                """).params(again.key(), PAST, scope.accountId).update();
        jdbc.sql("vacuum analyze insights.insight").update();
    }

    private void write(TestReport report) {
        writer.write(List.of(report.build()));
    }

    private long pages(TestReport report) {
        var before = pages();
        write(report);
        return pages() - before;
    }

    private long pages() {
        jdbc.sql("select pg_stat_force_next_flush()").query().listOfRows();
        return jdbc.sql("""
                select sum(heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)
                  from pg_statio_user_tables where schemaname = 'insights'
                """).query(Long.class).single();
    }
}
