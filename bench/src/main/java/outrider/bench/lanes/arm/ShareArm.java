package outrider.bench.lanes.arm;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import outrider.bench.Topics;

/// A Kafka share group: many members that share every partition, each with a batch of its own and explicit
/// acknowledgements.
public final class ShareArm implements Arm {
    private final int members;

    public ShareArm(int members) {
        this.members = members;
    }

    @Override
    public String name() {
        return "share group of " + members;
    }

    @Override
    public String settings(Feed feed) {
        return "%d share consumers, polls of %d each, explicit acknowledgements, locks of 60 s"
                .formatted(members, batch(feed));
    }

    private int batch(Feed feed) {
        return feed.cap() / members;
    }

    @Override
    public void prepare(Feed feed, Topics topics) {
        topics.configureGroup(
                feed.group(), Map.of("share.auto.offset.reset", "earliest", "share.record.lock.duration.ms", "60000"));
    }

    @Override
    public Run start(Feed feed, Work work) {
        return Loops.start(this, Stream.generate(() -> opening(feed)).limit(members), consumer -> {
            var batch = consumer.poll(Clients.POLL);
            Workers.runAll(work, batch);
            batch.forEach(record -> consumer.acknowledge(record, AcknowledgeType.ACCEPT));
        });
    }

    private Supplier<ShareConsumer<byte[], byte[]>> opening(Feed feed) {
        Map<String, Object> properties = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                feed.bootstrap(),
                ConsumerConfig.GROUP_ID_CONFIG,
                feed.group(),
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                "explicit",
                ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                "record_limit",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                batch(feed));
        return () -> {
            var consumer = new KafkaShareConsumer<byte[], byte[]>(properties);
            consumer.subscribe(List.of(feed.topic()));
            return consumer;
        };
    }
}
