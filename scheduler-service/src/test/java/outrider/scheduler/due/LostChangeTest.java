package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.insight.CheckCatalog;
import outrider.scan.Lane;
import outrider.scheduler.Meanwhile;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;

/// Another transaction changes the same rows while a large change waits for them, and reaches all scopes all the
/// same.
class LostChangeTest {

    private static final int ASSETS = 20;
    private static final String TOUCH = "update scheduler.scope set losses = losses";

    private final TestScheduler scheduler = TestScheduler.asWithMillions();
    private final Instant now = scheduler.clock().instant();
    private final UUID account = scheduler.account("free");
    private final List<UUID> assets = scheduler.assets(account, ASSETS, now.plus(Duration.ofDays(6)));

    @AfterEach
    void restore() {
        TestScheduler.asWithMillions();
        roll(CheckCatalog.load().checkers());
        scheduler.jdbc().sql("delete from scheduler.checker where not active").update();
    }

    @Test
    void a_shorter_interval_reaches_every_scope() {
        scheduler.bean(Plans.class).change("free", Duration.ofDays(1), now);

        Meanwhile.changes(scheduler, TOUCH, () -> {
            while (scheduler.bean(Plans.class).respread()) {}
        });

        assertThat(dueWithin(Duration.ofDays(1))).isEqualTo(ASSETS * TestScheduler.checkers());
    }

    @Test
    void a_change_of_plan_reaches_every_scope() {
        scheduler.http().patch("/v1/accounts/" + account, "{'plan':'enterprise'}");

        Meanwhile.changes(
                scheduler,
                TOUCH,
                () -> scheduler.bean(TransactionTemplate.class).executeWithoutResult(status -> {
                    while (scheduler.bean(Scopes.class).followPlan()) {}
                }));

        assertThat(dueWithin(Duration.ofDays(1))).isEqualTo(ASSETS * TestScheduler.checkers());
    }

    @Test
    void a_dropped_checker_ends_every_scope() {
        var fewer = new HashMap<>(CheckCatalog.load().checkers());
        fewer.remove("omega");

        Meanwhile.changes(scheduler, TOUCH, () -> roll(fewer));

        assertThat(number("select count(*) from scheduler.scope where next_due = 'infinity'"))
                .isEqualTo(ASSETS);
        assertThat(number("select scopes from scheduler.account")).isEqualTo(ASSETS * (TestScheduler.checkers() - 1));
    }

    @Test
    void an_asset_that_changes_is_due_by_every_checker() {
        Meanwhile.changes(
                scheduler,
                TOUCH,
                () -> scheduler.http().patch("/v1/assets/" + assets.getFirst(), "{'name':'other.example'}"));

        assertThat(dueWithin(Duration.ZERO)).isEqualTo(TestScheduler.checkers());
    }

    private void roll(Map<String, Lane> checkers) {
        var roll = new CheckerRoll(
                scheduler.jdbc(),
                scheduler.bean(TransactionTemplate.class),
                new Checkers(checkers),
                scheduler.bean(ScopeCounts.class),
                scheduler.bean(ScheduleProperties.class),
                scheduler.clock());
        roll.start();
        scheduler
                .jdbc()
                .sql("update scheduler.checker set seen_at = '-infinity'")
                .update();
        roll.retire();
        while (roll.follow()) {}
    }

    private long dueWithin(Duration time) {
        return scheduler
                .jdbc()
                .sql("select count(*) from scheduler.scope where next_due <= :end")
                .param("end", Sql.at(now.plus(time)))
                .query(Long.class)
                .single();
    }

    private long number(String sql) {
        return scheduler.jdbc().sql(sql).query(Long.class).single();
    }
}
