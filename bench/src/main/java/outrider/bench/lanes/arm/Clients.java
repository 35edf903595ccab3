package outrider.bench.lanes.arm;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The consumers of all arms: the same protocol and defaults, so that only what an arm is about differs.
final class Clients {
    /// How long a poll waits for a first record; it returns as soon as there is one.
    static final Duration POLL = Duration.ofSeconds(1);

    private Clients() {}

    static Map<String, Object> properties(Feed feed, int maxPollRecords) {
        return new HashMap<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                feed.bootstrap(),
                ConsumerConfig.GROUP_ID_CONFIG,
                feed.group(),
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "consumer",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                maxPollRecords));
    }

    /// One consumer, a member of the group.
    static Stream<Supplier<Consumer<byte[], byte[]>>> single(Feed feed, int maxPollRecords) {
        return Stream.of(() -> {
            var consumer = new KafkaConsumer<byte[], byte[]>(properties(feed, maxPollRecords));
            consumer.subscribe(List.of(feed.topic()));
            return consumer;
        });
    }

    /// A consumer for each partition, assigned by hand: no run pays for the rebalances of many members that
    /// join at once.
    static Stream<Supplier<Consumer<byte[], byte[]>>> onePerPartition(Feed feed, int maxPollRecords) {
        return IntStream.range(0, feed.partitions()).mapToObj(partition -> () -> {
            var consumer = new KafkaConsumer<byte[], byte[]>(properties(feed, maxPollRecords));
            consumer.assign(List.of(new TopicPartition(feed.topic(), partition)));
            return consumer;
        });
    }
}
