package outrider.lanes;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import outrider.embedded.TestBroker;

/// Topics and a group of a test's own on the shared broker, and the lanes it starts on them.
final class LaneFixture implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);

    private static final Map<String, Object> BROKER =
            Map.of("bootstrap.servers", TestBroker.shared().bootstrapServers());

    final String topic = "jobs-" + UUID.randomUUID();
    final MeterRegistry registry = new SimpleMeterRegistry();

    private final Admin admin = Admin.create(BROKER);
    private final Producer<byte[], byte[]> producer = newProducer();
    private final List<LaneLoop> loops = new ArrayList<>();
    private String protocol = "consumer";

    LaneFixture(int partitions) {
        create(topic, partitions);
        create(topic + ".retry", 1);
        create(topic + ".dead", 1);
    }

    LaneFixture classic() {
        protocol = "classic";
        return this;
    }

    void create(String name, int partitions) {
        try {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /// As retention would.
    void deleteBefore(long offset) {
        try {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /// The settings of the only lane, impatient enough for a test.
    LaneSettings settings() {
        return settings("fast", Topology.of("fast", topic));
    }

    LaneSettings settings(String lane, Topology topology) {
        var base = LaneSettings.of(lane, topology);
        return base.withDrain(new LaneSettings.Drain(Duration.ofMillis(500), Duration.ofMillis(500)))
                .withRetry(new LaneSettings.Retry(topic + ".retry", topic + ".dead", Duration.ofMillis(200), 3))
                .withBudget(new LaneSettings.Budget(
                        Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMillis(300)));
    }

    LaneLoop start(LaneSettings settings, JobHandler<?> handler) {
        return start(settings, handler, () -> newConsumer(settings));
    }

    LaneLoop start(LaneSettings settings, JobHandler<?> handler, Supplier<Consumer<byte[], byte[]>> consumers) {
        var loop = new LaneLoop(settings, handler, consumers, LaneFixture::newProducer, registry);
        loops.add(loop);
        loop.start();
        return loop;
    }

    Consumer<byte[], byte[]> newConsumer(LaneSettings settings) {
        var properties = new HashMap<>(BROKER);
        properties.putAll(settings.consumerProperties());
        properties.put("group.id", group(settings.lane()));
        properties.put("group.protocol", protocol);
        if (protocol.equals("classic")) {
            properties.put(
                    "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
            properties.put("heartbeat.interval.ms", 500);
        }
        return new KafkaConsumer<>(properties);
    }

    static Producer<byte[], byte[]> newProducer() {
        var properties = new HashMap<>(BROKER);
        properties.putAll(LaneSettings.producerProperties());
        properties.put("max.block.ms", 2_000);
        return new KafkaProducer<>(properties);
    }

    /// Produces `job-0` to `job-(count - 1)`, spread over the partitions.
    void produce(int count) {
        IntStream.range(0, count).forEach(i -> produce("job-" + i));
        producer.flush();
    }

    void produce(String value, String... headers) {
        produceTo(topic, value, headers);
    }

    void produceTo(String to, String value, String... headers) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        var key = Arrays.copyOf(bytes, Math.min(bytes.length, 40));
        var record = new ProducerRecord<>(to, key, bytes);
        for (int i = 0; i < headers.length; i += 2) {
            LaneHeaders.put(record.headers(), headers[i], headers[i + 1]);
        }
        producer.send(record);
    }

    /// Where the group stands on the topic, summed over the partitions; -1 before the first commit.
    long committed() {
        return offsets().values().stream()
                .mapToLong(OffsetAndMetadata::offset)
                .reduce(Long::sum)
                .orElse(-1);
    }

    Map<TopicPartition, OffsetAndMetadata> offsets() {
        try {
            return admin.listConsumerGroupOffsets(group("fast"))
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /// Everything in a topic, polled until at least that many records are there.
    List<ConsumerRecord<byte[], byte[]>> read(String from, int atLeast) {
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = newConsumer(settings())) {
            var partitions = consumer.partitionsFor(from).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + SOON.toNanos();
            while (found.size() < atLeast && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found;
    }

    double count(String meter, String... tags) {
        return Stream.of(registry.find(meter).tags(tags).counter())
                .mapToDouble(counter -> counter == null ? 0 : counter.count())
                .sum();
    }

    private String group(String lane) {
        return topic + "." + lane;
    }

    @Override
    public void close() {
        loops.forEach(LaneLoop::close);
        producer.close();
        admin.close();
    }
}
