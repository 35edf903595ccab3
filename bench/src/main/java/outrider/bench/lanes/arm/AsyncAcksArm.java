package outrider.bench.lanes.arm;

import java.util.stream.IntStream;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.AcknowledgingMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.support.TopicPartitionOffset;
import org.springframework.kafka.support.TopicPartitionOffset.SeekPosition;

/// spring-kafka with `asyncAcks`: the listener returns at once and each job acknowledges its record, in any
/// order.
public final class AsyncAcksArm implements Arm {

    @Override
    public String name() {
        return "spring-kafka asyncAcks";
    }

    @Override
    public String settings(Feed feed) {
        return "%d consumers, one a partition, polls of %d each, manual acknowledgement"
                .formatted(feed.partitions(), feed.capPerPartition());
    }

    @Override
    public Run start(Feed feed, Work work) {
        var settings = new ContainerProperties(IntStream.range(0, feed.partitions())
                .mapToObj(partition -> new TopicPartitionOffset(feed.topic(), partition, SeekPosition.BEGINNING))
                .toArray(TopicPartitionOffset[]::new));
        settings.setGroupId(feed.group());
        settings.setAckMode(AckMode.MANUAL);
        settings.setAsyncAcks(true);
        AcknowledgingMessageListener<byte[], byte[]> listener =
                (record, acknowledgment) -> Workers.start(work, record, () -> {
                    if (acknowledgment != null) {
                        acknowledgment.acknowledge();
                    }
                });
        settings.setMessageListener(listener);
        var consumers =
                new DefaultKafkaConsumerFactory<byte[], byte[]>(Clients.properties(feed, feed.capPerPartition()));
        var container = new ConcurrentMessageListenerContainer<>(consumers, settings);
        container.setConcurrency(feed.partitions());
        container.start();
        return container::stop;
    }
}
