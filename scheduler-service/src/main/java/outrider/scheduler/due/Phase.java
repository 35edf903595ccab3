package outrider.scheduler.due;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// When the assets of a plan are due: each once in every interval, at a place of its own within it. The claim
/// computes the same by the SQL function `scheduler.next_due`.
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

    /// The phases after a change of the interval at that instant: as even as before.
    ///
    /// A shorter interval compresses what is to come: who would have been due after a share of the old interval is
    /// due
    /// after the same share of the new one. A longer one begins when the old promises have been kept: who was
    /// scanned
    /// after a share of the last old interval is due again after the same share of the first new one, which begins
    /// where that one ends.
    Phase changed(Duration newEvery, Instant at) {
        var boundary = isShorter(newEvery) ? at : at.plus(every);
        var old = micros(every);
        var period = micros(newEvery);
        var share = (double) Math.floorMod(ChronoUnit.MICROS.between(anchor, boundary), old) / old;
        var begin = ChronoUnit.MICROS.between(Instant.EPOCH, boundary) - (long) (share * period);
        return new Phase(newEvery, Instant.EPOCH.plus(Math.floorMod(begin, period), ChronoUnit.MICROS));
    }

    boolean isShorter(Duration newEvery) {
        return newEvery.compareTo(every) < 0;
    }

    private static long micros(Duration duration) {
        return duration.toSeconds() * 1_000_000 + duration.toNanosPart() / 1_000;
    }
}
