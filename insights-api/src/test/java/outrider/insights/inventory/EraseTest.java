package outrider.insights.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.embedded.TestDatabase;
import outrider.insights.TestInsights;
import outrider.insights.audit.AuditRepository;

/// What is deleted of an account, in a database of its own.
class EraseTest {

    private final String url = TestDatabase.fresh();
    private final DataSource source = TestInsights.migrated(url);
    private final JdbcClient jdbc = JdbcClient.create(source);
    private final UUID gone = UUID.randomUUID();
    private final UUID stays = UUID.randomUUID();

    /// Where their rows lie is the same in every partition: of each there is one at the first place.
    @Test
    void takes_the_history_of_no_other_account() {
        jdbc.sql("select insights.keep_history(interval '400 days', 2)").query().listOfRows();
        record(gone, 0);
        record(stays, 1);
        record(gone, 2);
        record(stays, 24);

        erase();

        assertThat(events(gone)).isZero();
        assertThat(events(stays)).isEqualTo(2);
    }

    @Test
    void takes_what_another_transaction_changes_meanwhile() throws Exception {
        jdbc.sql(
                        "insert into insights.scope (account_id, asset_id, checker) select ?, gen_random_uuid(), 'lab' from generate_series(1, 20)")
                .param(gone)
                .update();
        try (var other = source.getConnection();
                var statement = other.createStatement();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            other.setAutoCommit(false);
            statement.execute("update insights.scope set withheld = withheld");
            var erased = threads.submit(this::erase);
            await().until(() -> jdbc.sql(
                                    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
                            .query(Integer.class)
                            .single()
                    > 0);
            other.commit();
            erased.get();
        }

        assertThat(jdbc.sql("select count(*) from insights.scope")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    /// Every table with rows of an account is erased.
    @Test
    void knows_every_table_that_holds_something_of_an_account() {
        var tables = jdbc.sql("""
                select c.relname
                  from pg_attribute a
                  join pg_class c on c.oid = a.attrelid
                 where c.relnamespace = 'insights'::regnamespace
                   and c.relkind in ('r', 'p')
                   and not c.relispartition
                   and a.attname = 'account_id'
                   and not a.attisdropped
                """).query(String.class).list();

        assertThat(tables).containsExactlyInAnyOrderElementsOf(Erasure.TABLES);
    }

    @Test
    void tells_the_audit_once_how_many_rows_went() {
        record(gone, 0);
        record(gone, 0);

        erase();
        erase();

        assertThat(jdbc.sql("""
                select before ->> 'insight_event' || ' of ' || target from insights.audit where action = 'account.erase'
                """).query(String.class).list()).containsExactly("2 of account/" + gone);
    }

    /// As when the deletion of an account is taken.
    private void erase() {
        jdbc.sql("""
                insert into insights.account (id, name, plan, deleted, erased) values (?, '', 'FREE', true, '{}')
                    on conflict (id) do nothing
                """).param(gone).update();
        var erasure = new Erasure(
                jdbc,
                new AuditRepository(jdbc),
                new TransactionTemplate(new JdbcTransactionManager(source)),
                Clock.systemUTC(),
                "test");
        while (erasure.round()) {}
    }

    private void record(UUID account, int months) {
        jdbc.sql("""
                insert into insights.insight_event (account_id, scope_id, key, recorded_at, at, seq, kind)
                values (?, 1, gen_random_uuid(), now() + ? * interval '1 month', now(), 1, 'changed')
                """).params(account, months).update();
    }

    private long events(UUID account) {
        return jdbc.sql("select count(*) from insights.insight_event where account_id = ?")
                .param(account)
                .query(Long.class)
                .single();
    }
}
