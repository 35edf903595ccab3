package outrider.bench.lanes.arm;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/// Confluent Parallel Consumer without order: a pool of platform threads, and what is done past the frontier in
/// the commit metadata.
public final class ConfluentArm implements Arm {
    private final int pool;

    /// @param pool how many jobs at once; the cap is what the feed allows at most
    public ConfluentArm(int pool) {
        this.pool = pool;
    }

    @Override
    public String name() {
        return "Confluent PC, pool " + pool;
    }

    @Override
    public String settings(Feed feed) {
        return "1 consumer, %d pool threads, UNORDERED, asynchronous commits every 5 s".formatted(threads(feed));
    }

    private int threads(Feed feed) {
        return Math.min(pool, feed.cap());
    }

    @Override
    public Run start(Feed feed, Work work) {
        var options = ParallelConsumerOptions.<byte[], byte[]>builder()
                .consumer(new KafkaConsumer<>(Clients.properties(feed, 500)))
                .ordering(ProcessingOrder.UNORDERED)
                .maxConcurrency(threads(feed))
                .shutdownTimeout(Duration.ofSeconds(1))
                .build();
        var processor = ParallelStreamProcessor.createEosStreamProcessor(options);
        processor.subscribe(List.of(feed.topic()));
        processor.poll(context -> {
            try {
                work.run(context.value());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return () -> processor.closeDontDrainFirst(Duration.ofSeconds(1));
    }
}
