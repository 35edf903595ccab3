package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scan.Lane;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;

class DueScopesTest {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final DueScopes due = scheduler.bean(DueScopes.class);
    private Instant now;
    private UUID account;

    @BeforeEach
    void start() {
        now = scheduler.clock().instant();
        account = scheduler.account("pro");
    }

    @Test
    void claims_only_what_is_due() {
        var asset = scheduler.asset(account, "due.example", now);
        scheduler.asset(account, "later.example", now.plusMillis(1));

        assertThat(due.claim(10_000, now, LEASE))
                .extracting(scan -> scan.job().assetId())
                .containsOnly(asset);
    }

    @Test
    void claims_the_oldest_first() {
        scheduler.asset(account, "young.example", now.minusSeconds(1));
        var old = scheduler.asset(account, "old.example", now.minusSeconds(2));

        var claimed = due.claim(TestScheduler.checkers(), now, LEASE);

        assertThat(claimed).extracting(scan -> scan.job().assetId()).containsOnly(old);
    }

    @Test
    void reads_no_more_than_it_claims_however_much_is_overdue() {
        scheduler.assets(account, 2_000, now.minusSeconds(1));
        scheduler.jdbc().sql("analyze scheduler.scope").update();

        var read = scheduler.bean(TransactionTemplate.class).execute(status -> {
            var before = rowsRead();
            assertThat(due.claim(10, now, LEASE)).hasSize(10);
            return rowsRead() - before;
        });

        assertThat(read).isLessThan(100);
    }

    @Test
    void opens_one_scan_per_scope_and_no_second() {
        scheduler.asset(account, "a.example", now);

        assertThat(due.claim(10_000, now, LEASE)).hasSize(TestScheduler.checkers());
        assertThat(due.claim(10_000, now.plus(Duration.ofDays(30)), LEASE)).isEmpty();
    }

    @Test
    void a_scope_whose_time_comes_while_its_scan_is_open_takes_its_next_turn_and_is_due_when_that_ends() {
        scheduler.asset(account, "a.example", now);
        due.claim(10_000, now, LEASE);
        scheduler.assets(account, 5, now.plus(Duration.ofDays(8)));
        var later = now.plus(Duration.ofDays(9));

        assertThat(due.claim(10_000, later, LEASE)).hasSize(5 * TestScheduler.checkers());
        assertThat(due.claim(10_000, later, LEASE)).isEmpty();

        assertThat(number("select count(*) from scheduler.scope where missed")).isEqualTo(TestScheduler.checkers());
    }

    @Test
    void however_many_scans_are_open_past_their_time_the_others_are_claimed() {
        scheduler.assets(account, 300, now);
        due.claim(10_000, now, LEASE);
        var late = scheduler.asset(account, "late.example", now.plus(Duration.ofDays(8)));

        assertThat(due.claim(10, now.plus(Duration.ofDays(9)), LEASE))
                .extracting(scan -> scan.job().assetId())
                .containsOnly(late);
    }

    @Test
    void an_account_that_is_being_deleted_is_scanned_no_more() {
        scheduler.assets(account, 20, now);
        scheduler.jdbc().sql("update scheduler.account set going = true").update();

        assertThat(due.claim(10_000, now, LEASE)).isEmpty();
        assertThat(number("select count(*) from scheduler.scope where next_due < 'infinity'"))
                .isZero();
    }

    private long number(String sql) {
        return scheduler.jdbc().sql(sql).query(Long.class).single();
    }

    @Test
    void stamps_the_lane_of_the_checker_and_expires_after_the_interval() {
        scheduler.asset(account, "a.example", now);

        var claimed = due.claim(10_000, now, LEASE);

        assertThat(claimed)
                .filteredOn(scan -> scan.job().checker().equals("alpha"))
                .extracting(QueuedScan::lane)
                .containsExactly(Lane.FAST);
        assertThat(claimed)
                .filteredOn(scan -> scan.job().checker().equals("omega"))
                .extracting(QueuedScan::lane)
                .containsExactly(Lane.SLOW);
        assertThat(claimed).extracting(QueuedScan::expiresAt).containsOnly(now.plus(Duration.ofDays(3)));
    }

    @Test
    void raises_the_sequence_and_moves_on_by_the_interval() {
        var asset = scheduler.asset(account, "a.example", now);
        var first = due.claim(10_000, now, LEASE);
        var nextDue = nextDue(asset);
        closeAll();

        var second = due.claim(10_000, nextDue, LEASE);

        assertThat(first).extracting(scan -> scan.job().sequence()).containsOnly(1L);
        assertThat(second).extracting(scan -> scan.job().sequence()).containsOnly(2L);
        assertThat(nextDue).isBetween(now, now.plus(Duration.ofDays(3)));
        assertThat(nextDue(asset)).isEqualTo(nextDue.plus(Duration.ofDays(3)));
    }

    @Test
    void leaves_scopes_of_checkers_it_does_not_know_to_others() {
        scheduler
                .jdbc()
                .sql("insert into scheduler.checker values ('newer', true) on conflict do nothing")
                .update();
        try {
            scheduler.asset(account, "a.example", now);

            assertThat(due.claim(10_000, now, LEASE))
                    .extracting(scan -> scan.job().checker())
                    .doesNotContain("newer");
        } finally {
            TestScheduler.byHand()
                    .jdbc()
                    .sql("delete from scheduler.checker where checker = 'newer'")
                    .update();
        }
    }

    @Test
    void an_account_that_moves_to_a_faster_plan_is_due_sooner() {
        var assets = scheduler.assets(scheduler.account("free"), 50, now);
        due.claim(10_000, now, LEASE);
        var owner = scheduler
                .jdbc()
                .sql("update scheduler.account set plan = 'enterprise' where plan = 'free' returning id")
                .query(UUID.class)
                .single();

        scheduler.bean(Scopes.class).replan(owner, now);
        while (scheduler.bean(Scopes.class).followPlan()) {}

        assertThat(assets).allSatisfy(asset -> assertThat(nextDue(asset)).isBetween(now, now.plus(Duration.ofDays(1))));
    }

    @Test
    void a_change_of_plan_that_was_broken_off_is_taken_up_where_it_was() {
        var owner = scheduler.account("enterprise");
        scheduler.assets(owner, 2_500, now.plus(Duration.ofDays(6)));
        var scopes = scheduler.bean(Scopes.class);
        scopes.replan(owner, now);

        assertThat(scopes.followPlan()).isTrue();
        assertThat(dueWithinADay()).isEqualTo(2_000L * TestScheduler.checkers());
        while (scopes.followPlan()) {}

        assertThat(dueWithinADay()).isEqualTo(2_500L * TestScheduler.checkers());
    }

    private long dueWithinADay() {
        return scheduler
                .jdbc()
                .sql("select count(*) from scheduler.scope where next_due <= :day")
                .param("day", Sql.at(now.plus(Duration.ofDays(1))))
                .query(Long.class)
                .single();
    }

    private Instant nextDue(UUID asset) {
        return scheduler
                .jdbc()
                .sql("select distinct next_due from scheduler.scope where asset_id = :asset")
                .param("asset", asset)
                .query((row, number) -> Sql.instant(row, "next_due"))
                .single();
    }

    private void closeAll() {
        scheduler.forgetOpen(false);
    }

    /// By this connection, of the scopes.
    private long rowsRead() {
        return scheduler.jdbc().sql("""
                select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables
                 where schemaname = 'scheduler' and relname = 'scope'
                """).query(Long.class).single();
    }
}
