package outrider.lanes;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import outrider.embedded.TestBroker;

/// Topics and a group of a test's own, usually on the shared broker, and the lanes it starts on them.
final class LaneFixture implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);

    final String topic = "jobs-" + UUID.randomUUID();
    final MeterRegistry registry = new SimpleMeterRegistry();

    private String protocol = "consumer";
    private final String bootstrap;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;
    private final List<LaneLoop> loops = new ArrayList<>();

    LaneFixture(int partitions) {
        this(TestBroker.shared().bootstrapServers(), partitions);
    }

    LaneFixture(String bootstrap, int partitions) {
        this.bootstrap = bootstrap;
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        producer = clients("fast").producer();
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
        // The broker answers before it leads the partitions.
        for (int partition = 0; partition < partitions; partition++) {
            var created = new TopicPartition(name, partition);
            await().atMost(SOON).ignoreExceptions().until(() -> endOf(created) == 0);
        }
    }

    void delete(String name) {
        try {
            admin.deleteTopics(List.of(name)).all().get();
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
        return settings(lane, topology, topic);
    }

    static LaneSettings settings(String lane, Topology topology, String topic) {
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
        return start(
                settings, handler, consumers, () -> clients(settings.lane()).producer());
    }

    LaneLoop start(
            LaneSettings settings,
            JobHandler<?> handler,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Supplier<Producer<byte[], byte[]>> producers) {
        var loop = new LaneLoop(settings, handler, consumers, producers, registry);
        loops.add(loop);
        loop.start();
        return loop;
    }

    Consumer<byte[], byte[]> newConsumer(LaneSettings settings) {
        return clients(settings.lane()).consumer(settings, "");
    }

    TestClients clients(String lane) {
        return new TestClients(bootstrap, protocol, topic + "." + lane);
    }

    /// Produces `job-0` to `job-(count - 1)`, spread over the partitions.
    void produce(int count) {
        produce(0, count);
    }

    /// @param to the first that is not produced
    void produce(int from, int to) {
        IntStream.range(from, to).forEach(i -> produce("job-" + i));
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
            return admin.listConsumerGroupOffsets(clients("fast").group())
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /// How many records the commits of the lane say are settled.
    long knownSettled() {
        return offsets().values().stream()
                .mapToLong(commit -> commit.offset()
                        + OffsetMap.decode(commit.metadata(), commit.offset())
                                .map(map -> map.horizon()
                                        - map.committed()
                                        - map.unsettled().size())
                                .orElse(0L))
                .sum();
    }

    /// How many records a topic of one partition holds.
    long size(String of) {
        try {
            return endOf(new TopicPartition(of, 0));
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private long endOf(TopicPartition partition) throws InterruptedException, ExecutionException {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    /// How many different values it holds.
    long distinct(String of) {
        return readAll(of).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .distinct()
                .count();
    }

    /// Everything in a topic of one partition.
    List<ConsumerRecord<byte[], byte[]>> readAll(String from) {
        return read(from, (int) size(from));
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

    @Override
    public void close() {
        loops.forEach(LaneLoop::close);
        producer.close();
        admin.close();
    }
}
