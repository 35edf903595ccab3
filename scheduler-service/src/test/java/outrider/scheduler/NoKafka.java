package outrider.scheduler;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.ProducerListener;

/// A sender whose brokers are away.
public final class NoKafka implements AutoCloseable {

    private final DefaultKafkaProducerFactory<String, byte[]> producers;

    public NoKafka() {
        this(Duration.ofMillis(50));
    }

    /// @param patience how long a send waits for them
    public NoKafka(Duration patience) {
        producers = new DefaultKafkaProducerFactory<>(
                Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", patience.toMillis()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    public RecordSender sender() {
        var template = new KafkaTemplate<>(producers);
        template.setProducerListener(new ProducerListener<>() {});
        return new RecordSender(template);
    }

    @Override
    public void close() {
        producers.destroy();
    }
}
