package outrider.bench.lanes.arm;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
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
    public Run start(Feed feed, Work work) {
        try (var topics = new Topics(feed.bootstrap())) {
            topics.configureGroup(
                    feed.group(),
                    Map.of("share.auto.offset.reset", "earliest", "share.record.lock.duration.ms", "60000"));
        }
        return Loops.start(this, Collections.nCopies(members, () -> loop(feed, work)));
    }

    private void loop(Feed feed, Work work) throws InterruptedException {
        try (var consumer = new KafkaShareConsumer<byte[], byte[]>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, feed.bootstrap(),
                ConsumerConfig.GROUP_ID_CONFIG, feed.group(),
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
                ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit",
                ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batch(feed)))) {
            consumer.subscribe(List.of(feed.topic()));
            while (true) {
                var batch = consumer.poll(Duration.ofSeconds(1));
                Workers.runAll(work, batch);
                batch.forEach(record -> consumer.acknowledge(record, AcknowledgeType.ACCEPT));
            }
        }
    }
}
