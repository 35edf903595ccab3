package outrider.bench.lanes;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import outrider.bench.BenchException;
import outrider.bench.lanes.arm.Work;

/// Jobs that are published at a fixed rate and timed from when they were due, so a stall cannot hide behind
/// itself.
///
/// @param warmUp how many come before any is timed
/// @param timed how many come after that; those that take no longer than `fastMillis` are timed
/// @param millis how long the job of that number takes
record Arrivals(int ratePerSecond, int warmUp, int timed, int fastMillis, IntUnaryOperator millis) {
    private static final long LONGEST = TimeUnit.MINUTES.toMicros(10);

    /// Latencies in microseconds, filled by the jobs.
    final class Timing implements Work {
        private final Histogram latencies = new ConcurrentHistogram(LONGEST, 3);

        @Override
        public void run(byte[] value) throws InterruptedException {
            var payload = Payload.decode(value);
            payload.work();
            if (isTimed(payload.number())) {
                latencies.recordValue(Math.min(LONGEST, (System.nanoTime() - payload.due()) / 1_000));
            }
        }
    }

    Timing timing() {
        return new Timing();
    }

    /// Publishes them all, then waits until every timed job is done.
    Histogram publish(Producer<byte[], byte[]> producer, String topic, int partitions, Timing timing)
            throws InterruptedException {
        long first = System.nanoTime();
        long expected = 0;
        for (int number = 0; number < warmUp + timed; number++) {
            long due = first + number * (1_000_000_000L / ratePerSecond);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            var payload = new Payload(number, millis.applyAsInt(number), due);
            producer.send(new ProducerRecord<>(topic, number % partitions, null, payload.encode()));
            expected += isTimed(number) ? 1 : 0;
        }
        for (int tenths = 0; timing.latencies.getTotalCount() < expected; tenths++) {
            if (tenths == 600) {
                throw new BenchException(
                        "%d of %d timed jobs came to an end".formatted(timing.latencies.getTotalCount(), expected));
            }
            Thread.sleep(100);
        }
        return timing.latencies;
    }

    private boolean isTimed(int number) {
        return number >= warmUp && millis.applyAsInt(number) <= fastMillis;
    }
}
