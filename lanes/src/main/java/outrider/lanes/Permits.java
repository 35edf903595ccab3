package outrider.lanes;

/// How many jobs a lane runs at once: resizable at any time, with a small overflow for jobs that outlive their soft
/// budget.
///
/// After shrinking, more may be taken than the limit until enough jobs have ended.
final class Permits {
    private final int overflowLimit;
    private int limit;
    private int taken;
    private int overflow;

    Permits(int limit, int overflowLimit) {
        this.limit = limit;
        this.overflowLimit = overflowLimit;
    }

    synchronized boolean tryAcquire() {
        if (taken >= limit) {
            return false;
        }
        taken++;
        return true;
    }

    /// Moves a taken permit to the overflow, which frees it for another job; false when the overflow is full.
    synchronized boolean tryOverflow() {
        if (overflow >= overflowLimit) {
            return false;
        }
        overflow++;
        taken--;
        return true;
    }

    synchronized void release() {
        taken--;
    }

    synchronized void releaseOverflow() {
        overflow--;
    }

    synchronized void resize(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits must be 1 or more, not %d".formatted(permits));
        }
        limit = permits;
    }

    synchronized int limit() {
        return limit;
    }

    synchronized int taken() {
        return taken;
    }

    synchronized int overflow() {
        return overflow;
    }
}
