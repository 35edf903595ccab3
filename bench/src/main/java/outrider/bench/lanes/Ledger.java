package outrider.bench.lanes;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import outrider.bench.lanes.arm.Work;

/// Does the jobs of a topic and keeps the books: which are done, whether one was done twice, when the first
/// began and the last ended.
final class Ledger implements Work {
    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicIntegerArray runs;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();
    private final AtomicLong firstStart = new AtomicLong(NEVER);
    private final CountDownLatch all = new CountDownLatch(1);
    private volatile long lastEnd;

    /// @param records how many there are
    Ledger(int records) {
        runs = new AtomicIntegerArray(records);
    }

    @Override
    public void run(byte[] value) throws InterruptedException {
        if (firstStart.getPlain() == NEVER) {
            firstStart.compareAndSet(NEVER, System.nanoTime());
        }
        var payload = Payload.decode(value);
        payload.work();
        if (runs.incrementAndGet(payload.number()) > 1) {
            repeated.incrementAndGet();
        } else if (done.incrementAndGet() == runs.length()) {
            lastEnd = System.nanoTime();
            all.countDown();
        }
    }

    /// Waits until every job was done; false when that takes too long.
    boolean awaitAll(long seconds) throws InterruptedException {
        return all.await(seconds, TimeUnit.SECONDS);
    }

    /// How many different jobs are done.
    int done() {
        return done.get();
    }

    /// How many runs were of jobs already done.
    int repeated() {
        return repeated.get();
    }

    /// When the first job started, in nanoseconds of [System#nanoTime()].
    long firstStart() {
        return firstStart.get();
    }

    /// When the last of all jobs ended, in nanoseconds of [System#nanoTime()].
    long lastEnd() {
        return lastEnd;
    }
}
