package outrider.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Creates, fills and drops topics, and sets what only the broker can set for a group.
public final class Topics implements AutoCloseable {
    private final String bootstrap;
    private final Admin admin;

    public Topics(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    public void create(String topic, int partitions) {
        done(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all());
    }

    /// Creates it unless it is there.
    public void ensure(String topic, int partitions) {
        if (!done(admin.listTopics().names()).contains(topic)) {
            create(topic, partitions);
        }
    }

    public void delete(String topic) {
        done(admin.deleteTopics(List.of(topic)).all());
    }

    /// Deletes every record of the topic.
    public void purge(String topic) {
        var all = new HashMap<TopicPartition, RecordsToDelete>();
        done(admin.describeTopics(List.of(topic)).allTopicNames())
                .forEach((name, described) -> described
                        .partitions()
                        .forEach(partition -> all.put(
                                new TopicPartition(name, partition.partition()), RecordsToDelete.beforeOffset(-1))));
        done(admin.deleteRecords(all).all());
    }

    /// Sets configuration of a group before its first member comes.
    public void configureGroup(String group, Map<String, String> settings) {
        var operations = new ArrayList<AlterConfigOp>();
        settings.forEach((name, value) -> operations.add(new AlterConfigOp(new ConfigEntry(name, value), OpType.SET)));
        var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        done(admin.incrementalAlterConfigs(Map.of(resource, operations)).all());
    }

    /// Publishes records `from` (inclusive) to `to` (exclusive), dealt out over the partitions in turn, and
    /// waits until all are acknowledged.
    public void fill(String topic, int partitions, int from, int to, IntFunction<byte[]> value) {
        var failure = new AtomicReference<@Nullable Exception>();
        try (var producer = producer(5)) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(topic, i % partitions, null, value.apply(i)), (metadata, e) -> {
                    if (e != null) {
                        failure.set(e);
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw new BenchException("could not fill " + topic, failure.get());
        }
    }

    /// A producer whose records wait at most that long for company.
    public Producer<byte[], byte[]> producer(int lingerMillis) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.LINGER_MS_CONFIG,
                        lingerMillis,
                        // Else a new partition may refuse the first request and take the second, and the first can
                        // never be written.
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Override
    public void close() {
        admin.close();
    }

    private static <T> T done(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new BenchException("the broker refused: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
