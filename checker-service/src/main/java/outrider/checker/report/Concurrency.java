package outrider.checker.report;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many requests may be under way: one more after each success, half as many after each failure, within bounds.
final class Concurrency {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int max;
    private int limit;
    private int used;

    Concurrency(int max) {
        this.max = max;
        this.limit = max;
    }

    void acquire() throws InterruptedException {
        lock.lock();
        try {
            while (used >= limit) {
                changed.await();
            }
            used++;
        } finally {
            lock.unlock();
        }
    }

    void release() {
        change(() -> used--);
    }

    void widen() {
        change(() -> limit = Math.min(max, limit + 1));
    }

    void narrow() {
        change(() -> limit = Math.max(1, limit / 2));
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
