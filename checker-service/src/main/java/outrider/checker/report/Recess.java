package outrider.checker.report;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// The time during which the API asked not to be called, by anybody.
final class Recess {

    private final Time time;
    private final AtomicLong until;

    Recess(Time time) {
        this.time = time;
        this.until = new AtomicLong(time.nanos());
    }

    void extend(Duration asked) {
        var end = time.nanos() + asked.toNanos();
        until.accumulateAndGet(end, (old, candidate) -> candidate - old > 0 ? candidate : old);
    }

    boolean isOver() {
        return left() <= 0;
    }

    void await() throws InterruptedException {
        for (var left = left(); left > 0; left = left()) {
            time.sleep(Duration.ofNanos(left));
        }
    }

    private long left() {
        return until.get() - time.nanos();
    }
}
