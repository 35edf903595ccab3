package outrider.checker.report;

import java.time.Duration;

/// Time that a test lets pass; or in which whoever sleeps makes it pass.
final class TestTime implements Time {

    private final boolean passesBySleeping;
    private long now;
    private int sleepers;

    private TestTime(boolean passesBySleeping) {
        this.passesBySleeping = passesBySleeping;
    }

    static TestTime standing() {
        return new TestTime(false);
    }

    static TestTime flying() {
        return new TestTime(true);
    }

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public synchronized void sleep(Duration duration) throws InterruptedException {
        if (passesBySleeping) {
            pass(duration);
        }
        var end = now + (passesBySleeping ? 0 : duration.toNanos());
        sleepers++;
        try {
            while (now < end) {
                wait();
            }
        } finally {
            sleepers--;
        }
    }

    synchronized void pass(Duration duration) {
        now += duration.toNanos();
        notifyAll();
    }

    synchronized int sleepers() {
        return sleepers;
    }
}
