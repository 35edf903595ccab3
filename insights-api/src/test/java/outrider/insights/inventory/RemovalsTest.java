package outrider.insights.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.embedded.TestDatabase;
import outrider.insights.TestInsights;
import outrider.scan.AssetKind;
import outrider.scan.InventoryRecord;

/// Closing what is gone, while others are at work; in a database of its own.
class RemovalsTest {

    private final DataSource source = TestInsights.migrated(TestDatabase.fresh());
    private final JdbcClient jdbc = JdbcClient.create(source);
    private final InventoryDoor inventory = new InventoryDoor(source);
    private final UUID account = UUID.randomUUID();
    private final UUID large = UUID.randomUUID();
    private final UUID small = UUID.randomUUID();

    @BeforeEach
    void fill() {
        insights(large, 2 * Removals.STEP + 100);
        insights(small, 1);
    }

    @Test
    void very_many_are_closed_in_steps_and_each_is_in_the_history() {
        inventory.take(deleted(large));
        inventory.follow(account);

        assertThat(live(large)).isZero();
        assertThat(live(small)).isOne();
        assertThat(number("select count(*) from insights.insight_event where reason = 'removed'"))
                .isEqualTo(2 * Removals.STEP + 100);
        assertThat(number("select count(distinct xmin::text) from insights.insight_event"))
                .isEqualTo(3);
    }

    @Test
    void a_scope_that_a_report_holds_holds_no_other_asset_up() throws SQLException {
        try (var report = source.getConnection();
                var statement = report.createStatement()) {
            report.setAutoCommit(false);
            statement.execute("select from insights.scope where asset_id = '%s' for no key update".formatted(large));
            inventory.take(deleted(large));
            inventory.take(deleted(small));

            while (inventory.waiting(account) > 1) {
                inventory.round();
            }

            assertThat(live(small)).isZero();
            assertThat(live(large)).isPositive();
            report.rollback();
        }
        inventory.follow(account);
        assertThat(live(large)).isZero();
    }

    @Test
    void what_was_broken_off_is_gone_on_with() {
        inventory.take(deleted(large));
        // As a replica leaves it that died in its second step.
        jdbc.sql("update insights.scope set removed = true where asset_id = ?")
                .param(large)
                .update();
        jdbc.sql("""
                update insights.insight set state = 'resolved', resolution = 'removed', resolved_at = now()
                 where ctid = any (array(select ctid from insights.insight limit 1000))
                """).update();
        jdbc.sql("update insights.removal set due = now() + interval '300 ms'").update();

        inventory.follow(account);

        assertThat(live(large)).isZero();
    }

    @Test
    void the_changes_of_an_asset_are_followed_in_their_order() {
        inventory.take(deleted(large));
        inventory.take(new InventoryRecord.Asset(large, account, AssetKind.HOST, "a.example", List.of(), false, 3L));

        inventory.follow(account);

        assertThat(number("select count(*) from insights.scope where not removed and revision = 3"))
                .isOne();
    }

    private void insights(UUID asset, int count) {
        jdbc.sql("insert into insights.scope (account_id, asset_id, checker, last_seq) values (?, ?, 'lab', 1)")
                .params(account, asset)
                .update();
        jdbc.sql("""
                insert into insights.insight (account_id, scope_id, key, content_hash, severity, firm, state, check_id, subject, detail
                                            , title, evidence, first_seen, changed_at, opened_seq)
                select account_id, scope_id, gen_random_uuid(), gen_random_uuid(), 2, true, 'open', 'lab.alpha', 'a', n, '', '{}', now(), now(), 1
                  from insights.scope cross join generate_series(1, ?) n
                 where asset_id = ?
                """).params(count, asset).update();
    }

    private InventoryRecord.Asset deleted(UUID asset) {
        return new InventoryRecord.Asset(asset, account, AssetKind.HOST, "a.example", List.of(), true, 2L);
    }

    private long live(UUID asset) {
        return jdbc.sql("""
                select count(*) from insights.insight join insights.scope using (account_id, scope_id)
                 where asset_id = ? and state <> 'resolved'
                """).param(asset).query(Long.class).single();
    }

    private long number(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
