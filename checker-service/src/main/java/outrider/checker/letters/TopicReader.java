package outrider.checker.letters;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.springframework.kafka.core.ConsumerFactory;

/// Reads stretches of topics by position, for the length of one request. It is in no group: it commits
/// nothing and takes nothing from anybody. Every method throws a Kafka exception when the brokers do not
/// answer within ten seconds.
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// No time of a record is later, and the brokers take no time that is earlier than 1970.
    private static final long LATEST_SECOND = 1L << 40;

    private static final AtomicInteger OPENED = new AtomicInteger();

    private final Consumer<byte[], byte[]> consumer;

    private TopicReader(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    static TopicReader open(ConsumerFactory<byte[], byte[]> consumers) {
        var properties = new Properties();
        properties.put("enable.auto.commit", "false");
        properties.put("group.protocol", "classic");
        properties.put("auto.offset.reset", "earliest");
        properties.put("request.timeout.ms", Long.toString(PATIENCE.toMillis()));
        properties.put("default.api.timeout.ms", Long.toString(PATIENCE.toMillis()));
        return new TopicReader(consumers.createConsumer(null, null, "-reader-" + OPENED.incrementAndGet(), properties));
    }

    List<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    Map<TopicPartition, Long> beginnings(List<TopicPartition> partitions) {
        assign(partitions);
        return consumer.beginningOffsets(partitions);
    }

    Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        assign(partitions);
        return consumer.endOffsets(partitions);
    }

    /// The client warns of every partition that it is asked about without having been given it.
    private void assign(List<TopicPartition> partitions) {
        consumer.assign(partitions);
    }

    /// Before these positions every record is older than that time. A partition without younger ones is not there.
    Map<TopicPartition, Long> positionsAt(List<TopicPartition> partitions, Instant time) {
        long millis = Math.clamp(time.getEpochSecond(), 0, LATEST_SECOND) * 1_000;
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, millis));
        var positions = new HashMap<TopicPartition, Long>();
        consumer.offsetsForTimes(times).forEach((partition, found) -> {
            if (found != null) {
                positions.put(partition, found.offset());
            }
        });
        return positions;
    }

    /// Hands over what is still there of a stretch, in order.
    ///
    /// @param to exclusive
    void read(
            TopicPartition partition,
            long from,
            long to,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        assign(List.of(partition));
        consumer.seek(partition, from);
        long heard = System.nanoTime();
        while (consumer.position(partition) < to) {
            var polled = consumer.poll(POLL).records(partition);
            if (!polled.isEmpty()) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > PATIENCE.toNanos()) {
                throw new TimeoutException("%s gave nothing for %s".formatted(partition, PATIENCE));
            }
            polled.stream().filter(record -> record.offset() < to).forEach(taker);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
