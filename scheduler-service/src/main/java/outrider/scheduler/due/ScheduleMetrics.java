package outrider.scheduler.due;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// The meters of the schedule.
@Component
public final class ScheduleMetrics {

    private final Timer lateness;
    private volatile double perSecond;
    private volatile double due;
    private volatile double oldestSeconds;

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
    }

    void claimed(Duration late) {
        lateness.record(late);
    }

    void observed(double ratePerSecond, long dueScopes, Duration oldest) {
        perSecond = ratePerSecond;
        due = dueScopes;
        oldestSeconds = oldest.toMillis() / 1000.0;
    }
}
