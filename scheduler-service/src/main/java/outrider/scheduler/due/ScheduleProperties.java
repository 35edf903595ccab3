package outrider.scheduler.due;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How fast scans may be dispatched, by the whole fleet together.
///
/// @param tick how often what is due is looked for
/// @param batch the most scopes claimed at once
/// @param minPerSecond the rate never falls below this
/// @param maxPerSecond and never rises above this
/// @param burst how many scans may go at once after a quiet time, so that a small fleet need not wait for its rate
/// @param buffer the plans' demand times this is the rate in quiet times
/// @param catchUp in what time a backlog is to be worked off
/// @param recompute how often the rate is computed again
/// @param recount how often the population is counted for that, which reads every scope
@ConfigurationProperties("outrider.schedule")
public record ScheduleProperties(
        @DefaultValue("500ms") Duration tick,
        @DefaultValue("500") int batch,
        @DefaultValue("1") double minPerSecond,
        @DefaultValue("200") double maxPerSecond,
        @DefaultValue("100") int burst,
        @DefaultValue("1.2") double buffer,
        @DefaultValue("15m") Duration catchUp,
        @DefaultValue("15s") Duration recompute,
        @DefaultValue("5m") Duration recount) {

    public ScheduleProperties {
        if (batch < 1 || burst < 1) {
            throw new IllegalArgumentException("outrider.schedule.batch and .burst must be 1 or more");
        }
        if (!(minPerSecond > 0 && minPerSecond <= maxPerSecond)) {
            throw new IllegalArgumentException(
                    "outrider.schedule.min-per-second must be above 0 and not above max-per-second");
        }
        if (buffer < 1) {
            throw new IllegalArgumentException(
                    "outrider.schedule.buffer must be 1 or more: below that, scans fall ever further behind");
        }
        if (!(tick.isPositive() && catchUp.isPositive() && recompute.isPositive() && recount.isPositive())) {
            throw new IllegalArgumentException("outrider.schedule: every duration must be above zero");
        }
    }
}
