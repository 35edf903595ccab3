package outrider.checker.report;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/// How many requests may be under way.
///
/// One more after each prompt answer, half as many after each failure, within bounds. Half as many, too,
/// when answers slow down while somebody waits to send: if three quarters of a round of answers take
/// twice as long as the best recent ones to requests of the same size, more requests at once only queue
/// up over there. If but half of them are slow, that is not our doing, and the limit stays.
///
/// A slow answer must not keep the others out, so a request that is late holds no more than a quarter of
/// a place.
final class Concurrency {

    static final int ROUND = 16;

    private static final int SHARES = 4;
    private static final int SLOW_ROUND = 12;
    private static final int SIZES = 32;

    /// Added to both sides of a comparison: a few milliseconds more say nothing.
    private static final long NOISE = Duration.ofMillis(10).toNanos();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int max;
    private final long late;

    // All guarded by the lock.
    private final Deque<Slot> underWay = new ArrayDeque<>();
    private final long[] best = new long[SIZES];
    private int limit;
    private int waiting;
    private int answers;
    private int slow;

    /// @param late how long a request keeps its whole place
    Concurrency(int max, Duration late) {
        this.max = max;
        this.limit = max;
        this.late = late.toNanos();
    }

    /// The place of one request under way; to be closed when it is over.
    final class Slot implements AutoCloseable {

        private final long since = System.nanoTime();

        /// It was answered, whatever the answer.
        void answered(int reports, long nanos) {
            change(() -> learn(31 - Integer.numberOfLeadingZeros(reports), nanos));
        }

        void failed() {
            change(Concurrency.this::narrow);
        }

        @Override
        public void close() {
            change(() -> underWay.remove(this));
        }
    }

    Slot acquire() throws InterruptedException {
        lock.lockInterruptibly();
        waiting++;
        try {
            for (var now = System.nanoTime(); !hasRoom(now); now = System.nanoTime()) {
                awaitChange(now);
            }
            var slot = new Slot();
            underWay.add(slot);
            return slot;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    int limit() {
        return read(() -> limit);
    }

    /// How many wait for a place.
    int waiting() {
        return read(() -> waiting);
    }

    private boolean hasRoom(long now) {
        var lateOnes =
                underWay.stream().filter(slot -> now - slot.since >= late).count();
        return SHARES * (underWay.size() - lateOnes) + lateOnes < (long) SHARES * limit;
    }

    /// Waits for an answer, or for the next request to be late.
    private void awaitChange(long now) throws InterruptedException {
        var next = underWay.stream()
                .mapToLong(slot -> slot.since + late - now)
                .filter(left -> left > 0)
                .min();
        if (next.isPresent()) {
            changed.awaitNanos(next.getAsLong());
        } else {
            changed.await();
        }
    }

    private void learn(int size, long nanos) {
        best[size] = best[size] == 0 ? nanos : Math.min(best[size], nanos);
        if (nanos + NOISE >= 2 * (best[size] + NOISE)) {
            slow++;
        } else {
            limit = Math.min(max, limit + 1);
        }
        if (++answers == ROUND) {
            if (slow >= SLOW_ROUND && waiting > 0) {
                narrow();
            }
            endRound();
        }
    }

    /// The best fades, so that one lucky answer, or the times before the API moved, are forgotten.
    private void endRound() {
        answers = 0;
        slow = 0;
        for (var size = 0; size < SIZES; size++) {
            best[size] += best[size] / 50;
        }
    }

    private void narrow() {
        limit = Math.max(1, limit / 2);
    }

    private int read(IntSupplier value) {
        lock.lock();
        try {
            return value.getAsInt();
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
