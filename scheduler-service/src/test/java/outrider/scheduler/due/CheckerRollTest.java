package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.insight.CheckCatalog;
import outrider.scan.Lane;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;

class CheckerRollTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Instant now = scheduler.clock().instant();
    private List<UUID> assets;

    @BeforeEach
    void start() {
        assets = scheduler.assets(scheduler.account("pro"), 20, now);
    }

    @AfterEach
    void restore() {
        TestScheduler.byHand();
        roll(CheckCatalog.load().checkers());
        scheduler.jdbc().sql("delete from scheduler.checker where not active").update();
    }

    @Test
    void gives_every_asset_a_scope_for_a_new_checker_spread_over_the_interval() {
        roll(Map.of("alpha", Lane.FAST, "omega", Lane.SLOW, "gamma", Lane.FAST));

        assertThat(due("gamma"))
                .hasSameSizeAs(assets)
                .doesNotHaveDuplicates()
                .allSatisfy(due -> assertThat(due).isBetween(now, now.plus(Duration.ofDays(3))));
    }

    @Test
    void changes_nothing_when_the_catalogue_has_not_changed() {
        roll(CheckCatalog.load().checkers());

        assertThat(due("alpha")).containsOnly(now);
    }

    @Test
    void a_dropped_checker_is_due_no_more_and_due_again_when_it_comes_back() {
        roll(Map.of("alpha", Lane.FAST));
        assertThat(scheduler.bean(DueScopes.class).claim(1_000, now, Duration.ofSeconds(30)))
                .extracting(scan -> scan.job().checker())
                .containsOnly("alpha");

        roll(Map.of("alpha", Lane.FAST, "omega", Lane.SLOW));
        assertThat(due("omega")).allSatisfy(due -> assertThat(due).isBetween(now, now.plus(Duration.ofDays(3))));
    }

    @Test
    void a_roll_that_was_broken_off_is_taken_up_where_it_was_and_loses_no_asset() {
        scheduler.assets(scheduler.account("free"), 2_500, now);
        var more = new HashMap<>(CheckCatalog.load().checkers());
        more.put("gamma", Lane.FAST);

        assertThat(changed(more).follow()).isTrue();
        scheduler.assets(scheduler.account("free"), 10, now);
        assertThat(due("gamma")).hasSize(2_010);
        while (scheduler.bean(CheckerRoll.class).follow()) {}
        assertThat(due("gamma")).hasSize(2_530);

        assertThat(changed(CheckCatalog.load().checkers()).follow()).isTrue();
        assertThat(ended("gamma")).isEqualTo(2_000);
        while (scheduler.bean(CheckerRoll.class).follow()) {}
        assertThat(ended("gamma")).isEqualTo(2_530);
    }

    @Test
    void an_older_release_that_restarts_beside_a_newer_one_retires_nothing_that_one_knows() {
        var newer = new HashMap<>(CheckCatalog.load().checkers());
        newer.put("gamma", Lane.FAST);
        roll(newer);

        var older = release(CheckCatalog.load().checkers());
        older.start();
        unseen(Duration.ofMinutes(5));
        older.retire();
        while (older.follow()) {}
        assertThat(ended("gamma")).isZero();

        unseen(Duration.ofMinutes(10));
        older.retire();
        while (older.follow()) {}
        assertThat(ended("gamma")).isEqualTo(20);
    }

    private long ended(String checker) {
        return scheduler
                .jdbc()
                .sql("select count(*) from scheduler.standing where checker = :checker and next_due = 'infinity'")
                .param("checker", checker)
                .query(Long.class)
                .single();
    }

    private List<Instant> due(String checker) {
        return scheduler
                .jdbc()
                .sql("select next_due from scheduler.standing where checker = :checker")
                .param("checker", checker)
                .query((row, number) -> Sql.instant(row, "next_due"))
                .list();
    }

    private void roll(Map<String, Lane> checkers) {
        var roll = changed(checkers);
        while (roll.follow()) {}
    }

    private CheckerRoll changed(Map<String, Lane> checkers) {
        var roll = release(checkers);
        roll.start();
        unseen(Duration.ofDays(1));
        roll.retire();
        return roll;
    }

    private CheckerRoll release(Map<String, Lane> checkers) {
        return new CheckerRoll(
                scheduler.jdbc(),
                scheduler.bean(TransactionTemplate.class),
                new Checkers(checkers),
                scheduler.bean(ScopeCounts.class),
                scheduler.bean(ScheduleProperties.class),
                scheduler.clock());
    }

    private void unseen(Duration time) {
        scheduler
                .jdbc()
                .sql("update scheduler.checker set seen_at = :then")
                .param("then", Sql.at(now.minus(time)))
                .update();
    }
}
