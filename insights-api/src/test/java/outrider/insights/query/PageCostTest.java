package outrider.insights.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.util.LinkedMultiValueMap;
import outrider.embedded.TestDatabase;
import outrider.insights.TestInsights;
import outrider.insights.query.InsightRepository.Cursor;
import outrider.web.Caller;

/// A page is cut out of an index: what it reads does not grow with the table.
class PageCostTest {

    static final UUID ACCOUNT = new UUID(0, 7);

    static SingleConnectionDataSource connection;
    static JdbcClient jdbc;
    static InsightRepository repository;

    @BeforeAll
    static void fill() {
        var url = TestDatabase.fresh();
        TestInsights.migrated(url);
        connection = new SingleConnectionDataSource(url, true);
        jdbc = JdbcClient.create(connection);
        repository = new InsightRepository(jdbc);
        jdbc.sql("""
                insert into insights.scope (account_id, asset_id, checker)
                select lpad(n::text, 32, '0')::uuid, gen_random_uuid(), 'lab' from generate_series(0, 19) n
                """).update();
        jdbc.sql("""
                insert into insights.insight
                     ( account_id, scope_id, key, content_hash, severity, firm, state, check_id, subject, detail, title
                     , evidence, first_seen, changed_at, opened_seq)
                select account_id, scope_id, gen_random_uuid(), gen_random_uuid(), n % 5, true, 'open', 'lab.alpha', n, '', 't'
                     , '{}', now(), now(), 1
                  from insights.scope cross join generate_series(1, 1000) n
                """).update();
        jdbc.sql("select insights.keep_history(interval '400 days', 2)").query().listOfRows();
        jdbc.sql("""
                insert into insights.insight_event (account_id, scope_id, key, recorded_at, at, seq, kind)
                select account_id, scope_id, key, now() + month * interval '1 month', now(), 2 + month, 'changed'
                  from insights.insight cross join generate_series(0, 2) month
                """).update();
        jdbc.sql("analyze").update();
    }

    @AfterAll
    static void disconnect() {
        connection.destroy();
    }

    @Test
    void of_one_account() {
        assertThat(rowsReadForTwoPages(ACCOUNT, "")).isLessThan(500);
    }

    @Test
    void of_all_accounts() {
        assertThat(rowsReadForTwoPages(null, "")).isLessThan(500);
    }

    @Test
    void of_one_account_named_by_an_operator() {
        assertThat(rowsReadForTwoPages(null, ACCOUNT.toString())).isLessThan(500);
    }

    @Test
    void of_the_history_of_one_insight_over_several_months() {
        var caller = new Caller("tester", Set.of(), ACCOUNT);
        var filter = InsightFilter.ofList(new LinkedMultiValueMap<>(), caller);
        var id = repository.page(filter, null, 1).getFirst().id();
        var found = repository.find(id, filter).orElseThrow();
        var before = rowsRead("insight_event%");

        assertThat(repository.history(found, InsightRepository.Place.BEGINNING, 50))
                .hasSize(3);

        assertThat(rowsRead("insight_event%") - before).isLessThan(10);
    }

    private static long rowsReadForTwoPages(@Nullable UUID callersAccount, String account) {
        var parameters = new LinkedMultiValueMap<String, String>();
        if (!account.isEmpty()) {
            parameters.add("account_id", account);
        }
        var filter = InsightFilter.ofList(parameters, new Caller("tester", Set.of(), callersAccount));
        var before = rowsRead("insight");
        var last = repository.page(filter, null, 50).getLast();
        assertThat(repository.page(filter, new Cursor(last.severity(), last.id()), 50))
                .hasSize(50);
        return rowsRead("insight") - before;
    }

    private static long rowsRead(String tables) {
        jdbc.sql("select pg_stat_force_next_flush()").query().listOfRows();
        return jdbc.sql("select sum(seq_tup_read + idx_tup_fetch) from pg_stat_user_tables where relname like ?")
                .param(tables)
                .query(Long.class)
                .single();
    }
}
