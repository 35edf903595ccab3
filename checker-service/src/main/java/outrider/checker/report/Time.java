package outrider.checker.report;

import java.time.Duration;

/// Time that passes. A test has its own, in which an hour is over at once.
interface Time {

    Time REAL = new Time() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }
    };

    /// Nanoseconds since some moment.
    long nanos();

    void sleep(Duration duration) throws InterruptedException;
}
