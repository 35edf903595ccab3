package outrider.scheduler.due;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;

class PaceTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private Instant now;

    @BeforeEach
    void makeSomethingDue() {
        now = scheduler.clock().instant();
        scheduler.asset(scheduler.account("free"), "a.example", now.minusSeconds(60));
    }

    @Test
    void gives_a_burst_and_then_the_rate() {
        var pace = pace(20, 10);

        assertThat(pace.take(500, now)).isEqualTo(10);
        assertThat(pace.take(500, now)).isZero();
        assertThat(pace.take(500, now.plusMillis(1_500))).isEqualTo(1);
        assertThat(pace.take(500, now.plusMillis(2_000))).isEqualTo(1);
    }

    @Test
    void saves_up_no_more_than_the_burst() {
        var pace = pace(20, 10);
        pace.take(500, now);

        assertThat(pace.take(500, now.plus(Duration.ofHours(6)))).isEqualTo(10);
    }

    @Test
    void takes_back_what_was_not_needed() {
        var pace = pace(20, 10);
        pace.take(500, now);

        pace.giveBack(4);

        assertThat(pace.take(500, now)).isEqualTo(4);
    }

    @Test
    void gives_nothing_when_paused_or_when_nothing_is_due() {
        var pace = pace(20, 10);
        pace.pause(true);
        assertThat(pace.take(500, now)).isZero();

        pace.pause(false);
        assertThat(pace.take(500, now.minusSeconds(120))).isZero();
        assertThat(pace.take(500, now)).isEqualTo(10);
    }

    @Test
    void is_one_rate_for_all_who_draw() throws Exception {
        var pace = pace(1_000, 1_000);
        try (var threads = Executors.newFixedThreadPool(6)) {
            Callable<Integer> draw = () -> pace.take(7, now);
            var drawn = threads.invokeAll(Stream.generate(() -> draw).limit(300).toList());

            assertThat(drawn)
                    .map(one -> one.get())
                    .satisfies(all -> assertThat(
                                    all.stream().mapToInt(Integer::intValue).sum())
                            .isEqualTo(1_000));
        }
    }

    @Test
    void follows_what_the_plans_ask_for() {
        scheduler.assets(scheduler.account("enterprise"), 8_640, now.plusSeconds(60));
        var pace = pace(200, 10);

        pace.recount(now);

        var perDay = 8_640.0 * TestScheduler.checkers() + TestScheduler.checkers() / 7.0;
        assertThat(status().rate().demandPerSecond()).isCloseTo(perDay / 86_400, within(1e-6));
        assertThat(status().rate().perSecond()).isEqualTo(Math.max(1, 1.2 * perDay / 86_400));
        assertThat(status().plans())
                .extracting(ScheduleStatus.PlanStatus::interval)
                .containsExactly("P7D", "P3D", "P3D", "P1D");
    }

    @Test
    void works_off_a_backlog_within_the_catch_up_time_and_the_ceiling() {
        scheduler.assets(scheduler.account("free"), 300, now.minusSeconds(7_000));
        var scopes = 301.0 * TestScheduler.checkers();

        pace(200, 10).recount(now);
        assertThat(scopes).isBetween(200.0, 2_400.0);
        assertThat(status().rate().perSecond()).isCloseTo(scopes / 120, within(1e-6));
        assertThat(status().rate().because()).isEqualTo("catch_up");

        pace(2, 10).recount(now);
        assertThat(status().rate().perSecond()).isEqualTo(2);
    }

    @Test
    void gives_way_when_jobs_wait_long_in_the_fast_lane() {
        scheduler.assets(scheduler.account("free"), 100, now);
        scheduler.bean(DueScopes.class).claim(10_000, now, Duration.ofSeconds(30));
        scheduler
                .jdbc()
                .sql("update scheduler.batch set published = true, topic = 't'")
                .update();

        pace(200, 10).recount(now.plus(Duration.ofMinutes(10)));

        assertThat(status().rate().laneAge()).isEqualTo(Duration.ofMinutes(10));
        assertThat(status().rate().because()).isEqualTo("lane_backlog");
    }

    @Test
    void says_of_each_plan_whether_it_is_as_fresh_as_it_is_to_be_in_status_and_meters() {
        scheduler.assets(scheduler.account("pro"), 100, now.plusSeconds(60));
        reported("pro", Duration.ofDays(1));
        reported("free", Duration.ofDays(8));
        pace(200, 10).recount(now);

        scheduler.bean(RateKeeper.class).round();

        assertThat(plan("pro").objectiveMet()).isTrue();
        assertThat(plan("pro").ageP50()).isBetween(Duration.ofDays(1), Duration.ofHours(25));
        assertThat(plan("free").objectiveMet()).isFalse();
        assertThat(scheduler
                        .http()
                        .get("/admin/schedule")
                        .body()
                        .at("/plans/0/objective_met")
                        .asBoolean())
                .isFalse();
        assertThat(gauge("outrider.schedule.objective.met", "free")).isZero();
        assertThat(gauge("outrider.schedule.objective.met", "pro")).isEqualTo(1);
        assertThat(gauge("outrider.schedule.age.p50", "free")).isGreaterThanOrEqualTo(8 * 86_400);
        assertThat(gauge("outrider.schedule.age.p99", "pro")).isLessThan(2 * 86_400);
    }

    @Test
    void a_rate_below_one_a_second_still_moves() {
        var slow = SchedulePropertiesTest.bind(Map.of("max-per-second", "0.4", "min-per-second", "0.4"));
        var pace = new Pace(scheduler.jdbc(), scheduler.bean(Population.class), scheduler.bean(DueFloor.class), slow);
        pace.recount(now);
        assertThat(pace.take(10, now)).isEqualTo(1);

        assertThat(pace.take(10, now.plusSeconds(2))).isZero();
        assertThat(pace.take(10, now.plusSeconds(3))).isEqualTo(1);
    }

    @Test
    void shows_how_old_the_jobs_in_the_lane_are() {
        scheduler.jdbc().sql("update scheduler.pace set lane_age = 90").update();
        scheduler
                .jdbc()
                .sql("update scheduler.pace set recomputed_at = :now")
                .param("now", Sql.at(now))
                .update();

        scheduler.bean(RateKeeper.class).round();

        assertThat(scheduler
                        .bean(MeterRegistry.class)
                        .get("outrider.schedule.lane.age")
                        .gauge()
                        .value())
                .isEqualTo(90);
    }

    private void reported(String plan, Duration ago) {
        scheduler
                .jdbc()
                .sql("""
                update scheduler.scope s
                   set reported_at = :at
                  from scheduler.account c
                 where c.id = s.account_id and c.plan = :plan
                """)
                .param("at", Sql.at(now.minus(ago)))
                .param("plan", plan)
                .update();
    }

    private double gauge(String name, String plan) {
        return scheduler
                .bean(MeterRegistry.class)
                .get(name)
                .tag("plan", plan)
                .gauge()
                .value();
    }

    @Test
    void recomputes_when_it_is_stale_and_not_before() {
        var pace = pace(200, 10);
        pace.recomputeIfStale(now);
        scheduler.assets(scheduler.account("free"), 3_000, now);

        pace.recomputeIfStale(now.plusSeconds(14));
        assertThat(status().rate().because()).isEqualTo("floor");

        pace.recomputeIfStale(now.plusSeconds(15));
        assertThat(status().rate().because()).isEqualTo("catch_up");
    }

    @Test
    void counts_a_minute_after_the_last_count_when_an_import_or_a_deletion_asks_for_it() {
        var pace = pace(200, 10);
        pace.recomputeIfStale(now);
        var http = scheduler.http();
        var account = http.post("/v1/accounts", "{'name':'A','plan':'pro'}").id();
        http.stream(
                "/v1/accounts/%s/assets:import".formatted(account),
                "text/csv",
                "identity",
                new ByteArrayInputStream("kind,name\nzone,b.example\n".getBytes(UTF_8)));

        pace.recomputeIfStale(now.plusSeconds(59));
        assertThat(population("pro")).isZero();
        pace.recomputeIfStale(now.plusSeconds(60));
        assertThat(population("pro")).isEqualTo(TestScheduler.checkers());

        http.delete("/v1/accounts/" + account);
        pace.recomputeIfStale(now.plusSeconds(120));
        assertThat(population("pro")).isZero();
    }

    private long population(String plan) {
        return plan(plan).population();
    }

    private ScheduleStatus.PlanStatus plan(String plan) {
        return status().plans().stream()
                .filter(one -> one.plan().equals(plan))
                .findFirst()
                .orElseThrow();
    }

    private ScheduleStatus.Status status() {
        return scheduler.bean(ScheduleStatus.class).at(now);
    }

    private Pace pace(double maxPerSecond, int burst) {
        var properties = SchedulePropertiesTest.bind(
                Map.of("max-per-second", String.valueOf(maxPerSecond), "burst", String.valueOf(burst)));
        return new Pace(scheduler.jdbc(), scheduler.bean(Population.class), scheduler.bean(DueFloor.class), properties);
    }
}
