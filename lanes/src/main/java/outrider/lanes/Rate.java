package outrider.lanes;

import java.util.concurrent.atomic.LongAdder;

/// How many jobs a second are settled, recent seconds weighing more.
final class Rate {
    private static final double SECONDS_REMEMBERED = 30;

    private final LongAdder events = new LongAdder();
    private volatile double perSecond;
    private long seen;

    void event() {
        events.increment();
    }

    /// Takes note of the time that has passed. For one thread.
    void tick(long nanos) {
        long total = events.sum();
        double seconds = nanos / 1e9;
        double weight = 1 - Math.exp(-seconds / SECONDS_REMEMBERED);
        perSecond += weight * ((total - seen) / seconds - perSecond);
        seen = total;
    }

    double perSecond() {
        return perSecond;
    }
}
