package outrider.insights.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.embedded.TestDatabase;
import outrider.insights.TestInsights;

/// What is deleted of an account, in a database of its own.
class EraseTest {

    private final String url = TestDatabase.fresh();
    private final JdbcClient jdbc = JdbcClient.create(TestInsights.migrated(url));
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

        new InventoryRepository(jdbc).erase(gone);

        assertThat(events(gone)).isZero();
        assertThat(events(stays)).isEqualTo(2);
    }

    @Test
    void takes_what_another_transaction_changes_meanwhile() throws Exception {
        jdbc.sql(
                        "insert into insights.scope (account_id, asset_id, checker) select ?, gen_random_uuid(), 'lab' from generate_series(1, 20)")
                .param(gone)
                .update();
        var source = TestInsights.migrated(url);
        try (var other = source.getConnection();
                var statement = other.createStatement();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            other.setAutoCommit(false);
            statement.execute("update insights.scope set withheld = withheld");
            var erased = threads.submit(() -> new InventoryRepository(jdbc).erase(gone));
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
