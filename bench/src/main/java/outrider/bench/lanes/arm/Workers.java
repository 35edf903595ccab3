package outrider.bench.lanes.arm;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/// A virtual thread for each job, the way the arms without a runtime of their own do it.
final class Workers {
    private Workers() {}

    /// Starts the job and calls `ended` on its thread.
    static void start(Work work, ConsumerRecord<byte[], byte[]> record, Runnable ended) {
        Thread.startVirtualThread(() -> {
            try {
                work.run(record.value());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                ended.run();
            }
        });
    }

    /// Runs a whole batch at once and waits for its slowest job.
    static void runAll(Work work, ConsumerRecords<byte[], byte[]> batch) throws InterruptedException {
        var all = new CountDownLatch(batch.count());
        for (var record : batch) {
            start(work, record, all::countDown);
        }
        all.await();
    }

    /// Starts the jobs one after the other as permits come free.
    static void startEach(Work work, ConsumerRecords<byte[], byte[]> batch, Semaphore permits)
            throws InterruptedException {
        for (var record : batch) {
            permits.acquire();
            start(work, record, permits::release);
        }
    }
}
