package outrider.scheduler.due;

import java.time.Duration;
import java.util.Locale;

/// How fast scans may be dispatched, and which term decided it.
///
/// @param perSecond scans a second, of all replicas together
record Rate(double perSecond, Because because) {

    /// The term that decided.
    enum Because {
        /// The plans ask for less.
        FLOOR,
        /// What the plans ask for, with a margin.
        DEMAND,
        /// More than that, because much is due.
        CATCH_UP,
        /// The plans or the backlog ask for more.
        CEILING,
        /// Less than that, because jobs wait long in the fast lane already.
        LANE_BACKLOG;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What the plans ask for and a margin, never below the floor. More while there is a backlog, so much that it
    /// is worked off in the time for that, but within a bound: an outage must not be followed by a flood. Within
    /// the ceiling. And where the lane does not keep up, less in proportion to how late it is, so that the wait
    /// settles.
    ///
    /// @param demand what the plans ask for: the sum of population ÷ interval, a second
    /// @param backlog how many scopes are due
    /// @param laneAge how long jobs wait in the fast lane, in seconds
    static Rate of(double demand, long backlog, double laneAge, ScheduleProperties properties) {
        var floor = properties.minPerSecond();
        var base = Math.max(floor, demand * properties.buffer());
        var rule = properties.catchUp();
        var catchUp = Math.min(Math.max(base * rule.mostTimes(), rule.atLeast()), backlog / seconds(rule.within()));
        var because = catchUp > base ? Because.CATCH_UP : base > floor ? Because.DEMAND : Because.FLOOR;
        var wanted = Math.max(base, catchUp);
        if (wanted > properties.maxPerSecond()) {
            wanted = properties.maxPerSecond();
            because = Because.CEILING;
        }
        var patience = seconds(properties.mostLaneAge());
        if (laneAge > patience) {
            return new Rate(Math.max(floor, wanted * patience / laneAge), Because.LANE_BACKLOG);
        }
        return new Rate(wanted, because);
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
