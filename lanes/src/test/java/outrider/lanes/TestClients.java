package outrider.lanes;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/// Consumers of one group, and producers, for a lane under test.
record TestClients(String bootstrap, String protocol, String group) {

    /// @param instance a name for static membership under the classic protocol; empty for none
    Consumer<byte[], byte[]> consumer(LaneSettings settings, String instance) {
        var properties = new HashMap<>(settings.consumerProperties());
        properties.put("bootstrap.servers", bootstrap);
        properties.put("group.id", group);
        properties.put("group.protocol", protocol);
        if (protocol.equals("classic")) {
            properties.put(
                    "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
            properties.put("heartbeat.interval.ms", 500);
            properties.put("session.timeout.ms", 6_000);
            if (!instance.isEmpty()) {
                properties.put("group.instance.id", instance);
            }
        }
        return new KafkaConsumer<>(properties);
    }

    Producer<byte[], byte[]> producer() {
        var properties = new HashMap<>(LaneSettings.producerProperties());
        properties.putAll(Map.of("bootstrap.servers", bootstrap, "max.block.ms", 2_000));
        return new KafkaProducer<>(properties);
    }
}
