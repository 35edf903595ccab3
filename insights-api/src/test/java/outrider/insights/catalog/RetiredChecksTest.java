package outrider.insights.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.insights.catalog.TestCatalogs.catalog;
import static outrider.insights.catalog.TestCatalogs.disabled;
import static outrider.insights.catalog.TestCatalogs.enabled;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.embedded.TestDatabase;
import outrider.insights.TestInsights;
import outrider.insights.ingest.TestReport;
import outrider.insights.ingest.WriterDoor;
import outrider.scan.CatalogRecord;
import outrider.scan.ReportLine;
import outrider.scan.Wire;

/// What becomes of insights whose check leaves the catalogues, in a database of its own.
class RetiredChecksTest {

    private static final CatalogRecord BOTH = catalog(enabled("lab.alpha", "lab"), enabled("lab.beta", "lab"));
    private static final CatalogRecord BETA = catalog(enabled("lab.beta", "lab"));

    private final DataSource source = TestInsights.migrated(TestDatabase.fresh());
    private final JdbcClient jdbc = JdbcClient.create(source);
    private final CatalogRepository catalogs = new CatalogRepository(jdbc);
    private final RetiredChecks checks = checks(Duration.ZERO);
    private final UUID account = UUID.randomUUID();
    private final UUID asset = UUID.randomUUID();
    private WriterDoor writer;

    @BeforeEach
    void open() throws SQLException {
        writer = new WriterDoor(source, Map.of());
        catalogs.save(List.of(BOTH));
        report(new TestReport(account, asset, 1).fail("lab.alpha", "a", "").fail("lab.beta", "a", ""));
        follow();
        assertThat(states()).containsExactly("lab lab.alpha open", "lab lab.beta open");
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void a_check_that_leaves_closes_its_insights_as_gone_and_no_others() {
        replace(BOTH, BETA);

        assertThat(states()).containsExactly("lab lab.alpha resolved check_gone", "lab lab.beta open");
        assertThat(texts("select concat_ws(' ', seq, kind, reason) from insights.insight_event"))
                .containsExactly("1 resolved check_gone");
        assertThat(texts("select jsonb_object_keys(coverage) from insights.scope"))
                .containsExactly("lab.beta");
    }

    @Test
    void a_check_that_moves_to_another_checker_closes_its_insights_there_as_gone() {
        report(new TestReport(account, asset, 1).checker("other").fail("lab.alpha", "a", ""));

        replace(BOTH, catalog(enabled("lab.alpha", "other"), enabled("lab.beta", "lab")));

        assertThat(states())
                .containsExactly("lab lab.alpha resolved check_gone", "lab lab.beta open", "other lab.alpha open");
    }

    @Test
    void a_check_that_is_disabled_closes_its_insights_as_disabled_and_opens_them_again_when_it_is_back() {
        replace(BOTH, catalog(disabled("lab.alpha", "lab"), enabled("lab.beta", "lab")));
        assertThat(states()).containsExactly("lab lab.alpha resolved disabled", "lab lab.beta open");

        catalogs.save(List.of(BOTH));
        follow();
        report(new TestReport(account, asset, 2).fail("lab.alpha", "a", "").fail("lab.beta", "a", ""));
        follow();

        assertThat(states()).containsExactly("lab lab.alpha open", "lab lab.beta open");
    }

    @Test
    void two_catalogues_side_by_side_close_nothing_that_one_of_them_has() {
        catalogs.save(List.of(BETA, catalog(disabled("lab.alpha", "lab"), disabled("lab.beta", "lab"))));

        follow();

        assertThat(states()).containsExactly("lab lab.alpha open", "lab lab.beta open");
    }

    @Test
    void without_a_living_catalogue_nothing_closes() {
        silence(BOTH);

        follow();

        assertThat(states()).containsExactly("lab lab.alpha open", "lab lab.beta open");
    }

    @Test
    void after_an_outage_that_all_catalogues_lapsed_in_the_first_one_back_closes_nothing_within_the_grace() {
        silence(BOTH);
        follow();
        catalogs.save(List.of(BETA));

        follow(checks(Duration.ofHours(1)));
        assertThat(states()).containsExactly("lab lab.alpha open", "lab lab.beta open");

        jdbc.sql("update insights.catalog_walk set since = since - interval '1 hour'")
                .update();
        follow(checks(Duration.ofHours(1)));
        assertThat(states()).containsExactly("lab lab.alpha resolved check_gone", "lab lab.beta open");
    }

    @Test
    void while_nothing_changes_the_scopes_are_walked_once_a_day() {
        report(new TestReport(account, asset, 2).fail("lab.gone", "a", ""));
        follow();
        assertThat(states()).contains("lab lab.gone open");

        jdbc.sql("update insights.catalog_walk set done_at = done_at - interval '1 day'")
                .update();
        follow();

        assertThat(states()).contains("lab lab.gone resolved check_gone");
    }

    @Test
    void a_catalogue_that_no_checker_had_for_a_month_is_forgotten() {
        catalogs.save(List.of(BETA));
        jdbc.sql("update insights.catalog set told_at = now() - interval '31 days' where hash = ?")
                .param(BETA.hash())
                .update();
        jdbc.sql("update insights.catalog_walk set done_at = done_at - interval '1 day'")
                .update();

        follow();

        assertThat(texts("select hash from insights.catalog")).containsExactly(BOTH.hash());
    }

    @Test
    void very_many_are_closed_in_steps() {
        jdbc.sql("""
                insert into insights.insight (account_id, scope_id, key, content_hash, severity, firm, state, check_id, subject, detail
                                            , title, evidence, first_seen, changed_at, opened_seq)
                select account_id, scope_id, gen_random_uuid(), gen_random_uuid(), 2, true, 'open', 'lab.alpha', 'a', n, '', '{}', now(), now(), 1
                  from insights.scope cross join generate_series(1, ?) n
                """).param(2 * RetiredChecks.STEP).update();

        replace(BOTH, BETA);

        assertThat(texts("select count(*) from insights.insight where state <> 'resolved'"))
                .containsExactly("1");
        assertThat(texts("select count(distinct xmin::text) from insights.insight_event"))
                .containsExactly("3");
    }

    @Test
    void a_scope_that_a_report_holds_is_closed_after_it() throws SQLException {
        try (var report = source.getConnection();
                var statement = report.createStatement()) {
            report.setAutoCommit(false);
            statement.execute("select from insights.scope for no key update");
            replace(BOTH, BETA);
            assertThat(states()).contains("lab lab.alpha open");
            report.rollback();
        }

        follow();

        assertThat(states()).contains("lab lab.alpha resolved check_gone");
    }

    @Test
    void one_replica_walks_at_a_time() throws SQLException {
        silence(BOTH);
        catalogs.save(List.of(BETA));
        checks.round();
        try (var other = source.getConnection();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select from insights.catalog_walk for update");

            assertThat(checks.round()).isFalse();
            assertThat(states()).contains("lab lab.alpha open");
            other.rollback();
        }
    }

    private RetiredChecks checks(Duration grace) {
        return new RetiredChecks(
                jdbc,
                new TransactionTemplate(new JdbcTransactionManager(source)),
                new CatalogProperties(Duration.ofHours(1), grace),
                new CatalogMetrics(new SimpleMeterRegistry()));
    }

    private void replace(CatalogRecord before, CatalogRecord after) {
        silence(before);
        catalogs.save(List.of(after));
        follow();
    }

    /// As when no checker has told of it for more than an hour.
    private void silence(CatalogRecord catalog) {
        jdbc.sql("update insights.catalog set told_at = now() - interval '61 minutes' where hash = ?")
                .param(catalog.hash())
                .update();
    }

    private void follow() {
        follow(checks);
    }

    /// One minute notes what has changed, the next closes.
    private static void follow(RetiredChecks checks) {
        for (var minute = 0; minute < 2; minute++) {
            while (checks.round()) {}
        }
    }

    private void report(TestReport report) {
        writer.write(report.ndjson().lines().map(line -> Wire.read(line.getBytes(), ReportLine.class)));
    }

    private List<String> states() {
        return texts("""
                select concat_ws(' ', checker, check_id, state, resolution)
                  from insights.insight join insights.scope using (account_id, scope_id)
                 order by 1
                """);
    }

    private List<String> texts(String sql) {
        return jdbc.sql(sql).query((row, number) -> row.getString(1)).list();
    }
}
