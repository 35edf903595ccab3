package outrider.bench.lanes.arm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The consumers of all arms: the same protocol and defaults, so that only what an arm is about differs.
final class Clients {
    private Clients() {}

    static Map<String, Object> properties(Feed feed, int maxPollRecords) {
        return new HashMap<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, feed.bootstrap(),
                ConsumerConfig.GROUP_ID_CONFIG, feed.group(),
                ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords));
    }

    static Consumer<byte[], byte[]> subscribed(Feed feed, int maxPollRecords) {
        var consumer = new KafkaConsumer<byte[], byte[]>(properties(feed, maxPollRecords));
        consumer.subscribe(List.of(feed.topic()));
        return consumer;
    }

    /// A consumer of one partition, assigned by hand: no run pays for the rebalances of many members that join at once.
    static Consumer<byte[], byte[]> assigned(Feed feed, int partition, int maxPollRecords) {
        var consumer = new KafkaConsumer<byte[], byte[]>(properties(feed, maxPollRecords));
        consumer.assign(List.of(new TopicPartition(feed.topic(), partition)));
        return consumer;
    }

    static List<Integer> partitions(Feed feed) {
        return IntStream.range(0, feed.partitions()).boxed().toList();
    }
}
