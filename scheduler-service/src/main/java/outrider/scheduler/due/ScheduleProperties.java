package outrider.scheduler.due;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How fast scans may be dispatched, by the whole fleet together.
///
/// @param tick how often what is due is looked for
/// @param batch the most scopes claimed at once
/// @param minPerSecond the rate never falls below this
/// @param maxPerSecond the rate never rises above this
/// @param burst how many scans may go at once after a quiet time, so that a small fleet need not wait for its
/// rate
/// @param buffer the rate in quiet times is what the plans ask for times this
/// @param catchUp how a backlog is worked off
/// @param mostLaneAge how long jobs may wait in the fast lane before the rate is lowered
/// @param newcomersAtOnce how many scopes of an account's new assets are due at once; the others follow at half
/// the rate
/// @param objective which share of the scopes is to have a completed scan no older than the interval and a tenth
/// @param slow what is stamped for the slow lane although its checker is fast
/// @param requestsPerScan what a scan by each checker sends, for predictions: DNS questions, handshakes and HTTP
/// requests
/// @param recompute how often the rate is computed again
/// @param recount how often the ages of the last completed scans are looked at
/// @param retireAfter a checker that no release at work has known for so long is scanned with no more
@ConfigurationProperties("outrider.schedule")
public record ScheduleProperties(
        @DefaultValue("500ms") Duration tick,
        @DefaultValue("500") int batch,
        @DefaultValue("1") double minPerSecond,
        @DefaultValue("200") double maxPerSecond,
        @DefaultValue("100") int burst,
        @DefaultValue("1.2") double buffer,
        @DefaultValue CatchUp catchUp,
        @DefaultValue("5m") Duration mostLaneAge,
        @DefaultValue("1000") int newcomersAtOnce,
        @DefaultValue("0.99") double objective,
        @DefaultValue Slow slow,
        @DefaultValue Map<String, Double> requestsPerScan,
        @DefaultValue("15s") Duration recompute,
        @DefaultValue("5m") Duration recount,
        @DefaultValue("10m") Duration retireAfter) {

    public ScheduleProperties {
        requestsPerScan = Map.copyOf(requestsPerScan);
        if (batch < 1 || burst < 1 || newcomersAtOnce < 1) {
            throw new IllegalArgumentException(
                    "outrider.schedule.batch, .burst and .newcomers-at-once must be 1 or more");
        }
        if (!(minPerSecond > 0 && minPerSecond <= maxPerSecond)) {
            throw new IllegalArgumentException(
                    "outrider.schedule.min-per-second must be above 0 and not above max-per-second");
        }
        if (buffer < 1) {
            throw new IllegalArgumentException(
                    "outrider.schedule.buffer must be 1 or more: below that, scans fall ever further behind");
        }
        if (!(objective > 0 && objective <= 1)) {
            throw new IllegalArgumentException("outrider.schedule.objective is a share: above 0 and at most 1");
        }
        if (!Stream.of(tick, mostLaneAge, recompute, recount, retireAfter).allMatch(Duration::isPositive)) {
            throw new IllegalArgumentException("outrider.schedule: every duration must be above zero");
        }
    }

    /// How a backlog is worked off.
    ///
    /// @param within in what time a backlog should be worked off
    /// @param mostTimes a backlog makes the rate at most so many times what it is without one
    /// @param atLeast a backlog may be worked off at so many a second in any case
    public record CatchUp(
            @DefaultValue("2m") Duration within,
            @DefaultValue("3") double mostTimes,
            @DefaultValue("20") double atLeast) {

        public CatchUp {
            if (!within.isPositive() || mostTimes < 1 || atLeast < 0) {
                throw new IllegalArgumentException(
                        "outrider.schedule.catch-up: within must be above zero, most-times 1 or more, at-least 0 or more");
            }
        }
    }

    /// What may take long although its checker is fast.
    ///
    /// @param records a zone with more records than this goes to the slow lane
    /// @param after a scope whose scans usually run longer than this goes to the slow lane; more than a checker
    /// waits for an answer
    public record Slow(
            @DefaultValue("5000") long records,
            @DefaultValue("25s") Duration after) {

        public Slow {
            if (records < 1 || !after.isPositive()) {
                throw new IllegalArgumentException("outrider.schedule.slow: records and after must be above zero");
            }
        }
    }
}
