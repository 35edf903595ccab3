package outrider.bench.lanes;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/// What a record carries: 50 bytes.
///
/// @param number its place among the records of its topic, from 0
/// @param millis how long its job takes
/// @param due when the job should be at hand, in nanoseconds of [System#nanoTime()]; 0 for whenever
record Payload(int number, int millis, long due) {
    private static final int BYTES = 50;

    static Payload decode(byte[] value) {
        var buffer = ByteBuffer.wrap(value);
        return new Payload(buffer.getInt(), buffer.getInt(), buffer.getLong());
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putInt(number)
                .putInt(millis)
                .putLong(due)
                .array();
    }

    /// The job: the thread is parked, as if it waited for a host to answer.
    void work() throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000L;
        for (long left = millis * 1_000_000L; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
