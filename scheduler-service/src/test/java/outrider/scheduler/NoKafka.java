package outrider.scheduler;

import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.ProducerListener;

/// A sender whose brokers are away.
public final class NoKafka implements AutoCloseable {

    private final DefaultKafkaProducerFactory<String, byte[]> producers = new DefaultKafkaProducerFactory<>(
            Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", 50),
            new StringSerializer(),
            new ByteArraySerializer());

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
