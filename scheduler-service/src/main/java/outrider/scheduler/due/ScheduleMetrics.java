package outrider.scheduler.due;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import outrider.scan.Lane;

/// The meters of the schedule.
@Component
public final class ScheduleMetrics {

    private final Timer lateness;
    private final MultiGauge population;
    private final MultiGauge late;
    private final MultiGauge freshness;
    private final MultiGauge ageP50;
    private final MultiGauge ageP99;
    private final MultiGauge objectiveMet;
    private final MultiGauge open;
    private final MultiGauge oldestOpen;
    private volatile double perSecond;
    private volatile double due;
    private volatile double oldestSeconds;
    private volatile double laneAgeSeconds;

    public ScheduleMetrics(MeterRegistry registry) {
        lateness = Timer.builder("outrider.schedule.lateness")
                .description("By how much a scope was overdue when it was claimed")
                .publishPercentileHistogram()
                .maximumExpectedValue(Duration.ofDays(1))
                .register(registry);
        Gauge.builder("outrider.schedule.rate", () -> perSecond)
                .description("Scans a second that the fleet may start; 0 when paused")
                .register(registry);
        Gauge.builder("outrider.schedule.due", () -> due)
                .description("Scopes that are due and not claimed")
                .register(registry);
        Gauge.builder("outrider.schedule.oldest.due", () -> oldestSeconds)
                .description("By how much the oldest of them is overdue")
                .baseUnit("seconds")
                .register(registry);
        population = MultiGauge.builder("outrider.schedule.population")
                .description("Scopes of each plan")
                .register(registry);
        late = MultiGauge.builder("outrider.schedule.late")
                .description("Scopes whose last completed scan is older than the interval and a tenth of it")
                .register(registry);
        freshness = MultiGauge.builder("outrider.schedule.freshness")
                .description("The share of the scopes ever scanned that are not late")
                .register(registry);
        Gauge.builder("outrider.schedule.lane.age", () -> laneAgeSeconds)
                .description("How long jobs have been waiting in the fast lane, as the rate takes it into account")
                .baseUnit("seconds")
                .register(registry);
        objectiveMet = MultiGauge.builder("outrider.schedule.objective.met")
                .description("1 where the share that is not late is what it is to be, else 0")
                .register(registry);
        open = MultiGauge.builder("outrider.schedule.open")
                .description("Open scans of each lane, whatever topic they lie in")
                .register(registry);
        oldestOpen = MultiGauge.builder("outrider.schedule.open.oldest")
                .description("How long the oldest of them has been open")
                .baseUnit("seconds")
                .register(registry);
        ageP50 = MultiGauge.builder("outrider.schedule.age.p50")
                .description("How old the last completed scan is in half of the scopes at most")
                .baseUnit("seconds")
                .register(registry);
        ageP99 = MultiGauge.builder("outrider.schedule.age.p99")
                .description("How old the last completed scan is in 99 of 100 scopes at most")
                .baseUnit("seconds")
                .register(registry);
    }

    /// The open scans of each lane; of a lane without any, nought.
    void open(List<ScheduleStatus.Open> lanes, Instant now) {
        open.register(laneRows(lanes, lane -> lane.unpublished() + lane.queued() + lane.running()), true);
        oldestOpen.register(
                laneRows(lanes, lane -> Duration.between(lane.oldest(), now).toMillis() / 1000.0), true);
    }

    private static List<MultiGauge.Row<?>> laneRows(
            List<ScheduleStatus.Open> lanes, Function<ScheduleStatus.Open, Number> value) {
        return Stream.of(Lane.values())
                .<MultiGauge.Row<?>>map(lane -> MultiGauge.Row.of(
                        Tags.of("lane", lane.id()),
                        lanes.stream()
                                .filter(one -> one.lane().equals(lane.id()))
                                .findFirst()
                                .<Number>map(value)
                                .orElse(0)))
                .toList();
    }

    /// How fresh each plan is; there are few plans.
    void plans(List<ScheduleStatus.PlanStatus> plans) {
        population.register(rows(plans, ScheduleStatus.PlanStatus::population), true);
        late.register(rows(plans, ScheduleStatus.PlanStatus::late), true);
        freshness.register(rows(plans, ScheduleStatus.PlanStatus::freshness), true);
        objectiveMet.register(rows(plans, plan -> plan.objectiveMet() ? 1 : 0), true);
        ageP50.register(rows(plans, plan -> seconds(plan.ageP50())), true);
        ageP99.register(rows(plans, plan -> seconds(plan.ageP99())), true);
    }

    private static List<MultiGauge.Row<?>> rows(
            List<ScheduleStatus.PlanStatus> plans, Function<ScheduleStatus.PlanStatus, Number> value) {
        return plans.stream()
                .<MultiGauge.Row<?>>map(plan -> MultiGauge.Row.of(Tags.of("plan", plan.plan()), value.apply(plan)))
                .toList();
    }

    private static double seconds(@Nullable Duration age) {
        return age == null ? Double.NaN : age.toSeconds();
    }

    void claimed(Duration late) {
        // The database keeps microseconds: what is due now may be due some nanoseconds after our now.
        lateness.record(late.isNegative() ? Duration.ZERO : late);
    }

    void observed(double ratePerSecond, long dueScopes, Duration oldest, Duration laneAge) {
        perSecond = ratePerSecond;
        due = dueScopes;
        oldestSeconds = oldest.toMillis() / 1000.0;
        laneAgeSeconds = laneAge.toMillis() / 1000.0;
    }
}
