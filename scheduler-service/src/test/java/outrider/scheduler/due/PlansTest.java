package outrider.scheduler.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.scheduler.Http;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;

class PlansTest {

    private static final int ASSETS = 8_000;

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Http http = scheduler.http();
    private final Plans plans = scheduler.bean(Plans.class);
    private Instant now;
    private UUID account;

    @BeforeEach
    void start() {
        now = scheduler.clock().instant();
        account = scheduler.account("pro");
    }

    @Test
    void a_shorter_interval_reaches_every_scope_and_delays_none() {
        populate(ASSETS);

        assertThat(http.patch("/admin/plans/pro", "{'interval':'P1D'}")
                        .body()
                        .get("respreading")
                        .asBoolean())
                .isTrue();
        while (plans.respread()) {}

        assertThat(count("next_due > was")).isZero();
        assertThat(count("next_due > :now::timestamptz + interval '1 day'")).isZero();
        assertThat(fullestMinute()).isLessThanOrEqualTo(ASSETS * 3L / 2 / 1_440);
        assertThat(plan("pro").respreading()).isFalse();
    }

    @Test
    void from_14_to_7_days_no_minute_of_100000_assets_is_above_one_and_a_half_times_the_mean() {
        plans.change("pro", Duration.ofDays(14), now.minus(Duration.ofDays(30)));
        populate(100_000);

        plans.change("pro", Duration.ofDays(7), now);
        while (plans.respread()) {}

        assertThat(count("next_due > was")).isZero();
        assertThat(count("next_due > :now::timestamptz + interval '7 days'")).isZero();
        assertThat((double) fullestMinute())
                .isLessThanOrEqualTo(1.5 * 100_000 / Duration.ofDays(7).toMinutes());
    }

    @Test
    void a_longer_interval_leaves_the_promises_as_they_are() {
        populate(ASSETS);

        http.patch("/admin/plans/pro", "{'interval':'P14D'}");
        while (plans.respread()) {}

        assertThat(count("next_due <> was")).isZero();
    }

    @Test
    void a_respread_that_was_broken_off_is_taken_up_where_it_was() {
        populate(ASSETS);
        plans.change("pro", Duration.ofDays(1), now);

        assertThat(plans.respread()).isTrue();
        var left = count("next_due > :now::timestamptz + interval '1 day'");
        assertThat(left).isBetween(1L, ASSETS - 1L);
        while (plans.respread()) {}

        assertThat(count("next_due > :now::timestamptz + interval '1 day'")).isZero();
    }

    @Test
    void what_was_scanned_since_the_change_is_not_due_again_for_it() {
        populate(ASSETS);
        plans.change("pro", Duration.ofDays(1), now);
        var later = now.plus(Duration.ofHours(20));
        scheduler
                .jdbc()
                .sql(
                        "update scheduler.scope set attempted_at = :later, next_due = :later::timestamptz + interval '1 day'")
                .param("later", Sql.at(later))
                .update();

        while (plans.respread()) {}

        assertThat(scheduler
                        .jdbc()
                        .sql("select count(*) from scheduler.standing where next_due <= :later")
                        .param("later", Sql.at(later))
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3 days", "PT1S", "P400D", "PT1M0.5S", "-P1D"})
    void what_is_no_interval_is_refused_by_name(String interval) {
        var answer = http.patch("/admin/plans/pro", "{'interval':'%s'}".formatted(interval));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text("detail")).contains("interval: must be a duration");
    }

    @Test
    void a_plan_that_is_none_is_refused_with_those_there_are() {
        assertThat(http.patch("/admin/plans/gold", "{'interval':'P1D'}").text("detail"))
                .contains("enterprise", "free");
    }

    @Test
    void a_preview_predicts_the_load_and_changes_nothing() {
        scheduler.assets(account, 100, now);
        http.post("/admin/schedule:recompute", "");

        var preview =
                http.post("/admin/plans/pro:preview", "{'interval':'PT1M'}").body();

        var scopes = 100 * TestScheduler.checkers();
        assertThat(preview.at("/before/demand_per_second").asDouble()).isEqualTo(scopes / 259_200.0);
        assertThat(preview.at("/after/demand_per_second").asDouble()).isEqualTo(scopes / 60.0);
        assertThat(preview.at("/after/utilisation").asDouble()).isEqualTo(scopes / 60.0 / 200);
        assertThat(preview.at("/after/requests_per_second").asDouble()).isPositive();
        assertThat(preview.get("not_counted"))
                .extracting(node -> node.asString())
                .contains("alpha", "omega");
        assertThat(plan("pro").interval()).isEqualTo("P3D");
    }

    @Test
    void a_preview_says_how_late_assets_would_be() {
        scheduler.assets(account, 6_000, now);
        http.post("/admin/schedule:recompute", "");

        var after = http.post("/admin/plans/pro:preview", "{'interval':'PT1M'}")
                .body()
                .get("after");

        var demand = 6_000 * TestScheduler.checkers() / 60.0;
        assertThat(after.get("per_second").asDouble()).isEqualTo(200);
        assertThat(Duration.parse(after.get("lag_after_interval").asString()).toSeconds())
                .isEqualTo(Math.round((demand / 200 - 1) * 60));
        assertThat(Duration.parse(after.get("full_pass").asString()).toSeconds())
                .isEqualTo(Math.round(demand / 200 * 60));
    }

    /// As they would be after a while: each at its phase. One scope for each asset, without the inventory's door.
    private void populate(int assets) {
        scheduler
                .jdbc()
                .sql("""
                insert into scheduler.asset (id, account_id, kind, name, endpoints, created_at)
                select gen_random_uuid(), :account, 'zone', 'a' || n || '.example', '{}', :now from generate_series(1, :assets) n
                """)
                .param("account", account)
                .param("now", Sql.at(now))
                .param("assets", assets)
                .update();
        scheduler.jdbc().sql("""
                insert into scheduler.scope (asset_id, checker, account_id, next_due)
                select a.id, (select number from scheduler.checker where checker = 'alpha'), a.account_id, scheduler.next_due(a.place, :now, p.every, p.anchor)
                  from scheduler.asset a, scheduler.plan p
                 where p.plan = 'pro'
                """).param("now", Sql.at(now)).update();
        scheduler.jdbc().sql("drop table if exists was").update();
        scheduler
                .jdbc()
                .sql("create table was as select asset_id, next_due as was from scheduler.standing")
                .update();
    }

    private long count(String condition) {
        return scheduler
                .jdbc()
                .sql(
                        "select count(*) from scheduler.standing join was using (asset_id) where (:now::timestamptz is not null) and "
                                + condition)
                .param("now", Sql.at(now))
                .query(Long.class)
                .single();
    }

    private long fullestMinute() {
        return scheduler
                .jdbc()
                .sql(
                        "select max(n) from (select count(*) as n from scheduler.standing group by date_trunc('minute', next_due)) m")
                .query(Long.class)
                .single();
    }

    private ScheduleStatus.PlanStatus plan(String name) {
        return scheduler.bean(ScheduleStatus.class).plans().stream()
                .filter(plan -> plan.plan().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
