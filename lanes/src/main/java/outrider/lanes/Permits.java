package outrider.lanes;

import java.util.concurrent.atomic.AtomicInteger;

/// How many jobs a lane runs at once: resizable at any time, with a small overflow for jobs that outlive their
/// soft budget.
///
/// After shrinking, more may be taken than the limit until enough jobs have ended.
final class Permits {
    private static final int ABANDONED_SHARE = 4;

    // Without a lock: a virtual thread that has to wait for one costs more than the job it has just ended.
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger overflow = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final int overflowLimit;
    private volatile int limit;

    Permits(int limit, int overflowLimit) {
        this.limit = limit;
        this.overflowLimit = overflowLimit;
    }

    boolean tryAcquire() {
        int allowed = limit;
        return tryIncrement(taken, allowed - Math.min(abandoned.get(), allowed / ABANDONED_SHARE));
    }

    /// A thread that ignores its interrupt keeps a permit until it ends: else jobs that hang would make threads
    /// without bound. All of them together keep a quarter of the permits at most, so that the lane goes on.
    void abandon() {
        abandoned.incrementAndGet();
    }

    /// Such a thread has ended.
    void comeBack() {
        abandoned.decrementAndGet();
    }

    /// Moves a taken permit to the overflow, which frees it for another job; false when the overflow is full.
    boolean tryOverflow() {
        if (!tryIncrement(overflow, overflowLimit)) {
            return false;
        }
        release();
        return true;
    }

    void release() {
        taken.decrementAndGet();
    }

    void releaseOverflow() {
        overflow.decrementAndGet();
    }

    void resize(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits must be 1 or more, not %d".formatted(permits));
        }
        limit = permits;
    }

    int limit() {
        return limit;
    }

    int taken() {
        return taken.get();
    }

    int overflow() {
        return overflow.get();
    }

    private static boolean tryIncrement(AtomicInteger count, int limit) {
        for (int seen = count.get(); seen < limit; seen = count.get()) {
            if (count.compareAndSet(seen, seen + 1)) {
                return true;
            }
        }
        return false;
    }
}
