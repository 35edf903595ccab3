package outrider.scheduler.due;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The rule by which an asset of a plan is due, in Java: what the SQL function `scheduler.next_due` computes for the
/// claim.
///
/// @param every the plan's interval
/// @param anchor where its cycle begins
record Phase(Duration every, Instant anchor) {

    private static final long GOLDEN = 2_654_435_769L;
    private static final long TURN = 1L << 32;

    /// The first instant after `after` at which the asset at this place is due.
    Instant nextDue(long place, Instant after) {
        var period = micros(every);
        var start = (long) Math.floor((double) period * ((place & Integer.MAX_VALUE) * GOLDEN & (TURN - 1)) / TURN);
        var passed = ChronoUnit.MICROS.between(anchor, after);
        return anchor.plus(((passed - start) / period + 1) * period + start, ChronoUnit.MICROS);
    }

    private static long micros(Duration duration) {
        return duration.toSeconds() * 1_000_000 + duration.toNanosPart() / 1_000;
    }
}
