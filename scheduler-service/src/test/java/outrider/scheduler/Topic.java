package outrider.scheduler;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import outrider.embedded.EmbeddedBroker;
import outrider.embedded.TestBroker;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.Wire;

/// What a topic holds; of the shared broker, from all tests so far.
public final class Topic {

    private Topic() {}

    /// Every record that is in the topic now, each partition in its order.
    public static List<ConsumerRecord<String, byte[]>> read(String topic) {
        return read(TestBroker.shared(), topic);
    }

    public static List<ConsumerRecord<String, byte[]>> read(EmbeddedBroker broker, String topic) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var end = consumer.endOffsets(partitions);
            var records = new ArrayList<ConsumerRecord<String, byte[]>>();
            while (end.entrySet().stream().anyMatch(entry -> consumer.position(entry.getKey()) < entry.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    /// The jobs of an account that are in the lanes' topics now.
    public static List<ScanJob> jobs(EmbeddedBroker broker, UUID account) {
        return Stream.of(Lane.FAST, Lane.SLOW)
                .flatMap(lane -> read(broker, lane.topic()).stream())
                .map(record -> Wire.read(record.value(), ScanJob.class))
                .filter(job -> job.accountId().equals(account))
                .toList();
    }

    /// Writes one record.
    public static void write(String topic, String key, byte[] value) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", TestBroker.shared().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, key, value));
        }
    }

    public static String header(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
