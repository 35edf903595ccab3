package outrider.scheduler.due;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.springframework.stereotype.Component;

/// Keeps the rate up to date, and the meters that show it.
@Component
final class RateKeeper {

    /// It reads every open scan, and there are very many while a lane is paused.
    private static final Duration OPEN_INTERVAL = Duration.ofMinutes(1);

    private final Pace pace;
    private final ScheduleStatus status;
    private final ScheduleMetrics metrics;
    private final Clock clock;
    private Instant openDue = Instant.MIN;

    RateKeeper(Pace pace, ScheduleStatus status, ScheduleMetrics metrics, Clock clock) {
        this.pace = pace;
        this.status = status;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// One round; there is never more to do at once.
    boolean round() {
        var now = clock.instant();
        pace.recomputeIfStale(now);
        var due = status.due(now);
        var oldest = Objects.requireNonNullElse(due.oldest(), now);
        var rate = status.rate();
        var perSecond = status.paused() ? 0 : rate.perSecond();
        metrics.observed(perSecond, due.scopes(), Duration.between(oldest, now), rate.laneAge());
        metrics.plans(status.plans());
        if (!now.isBefore(openDue)) {
            openDue = now.plus(OPEN_INTERVAL);
            metrics.open(status.open(), now);
        }
        return false;
    }
}
