package outrider.lanes;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;

/// The program of the module's README.
final class ReadmeProgram {

    public static void main(String[] arguments) throws InterruptedException {
        var broker = Map.<String, Object>of("bootstrap.servers", arguments[0]);
        var settings = LaneSettings.of("fast", Topology.of("fast", "greetings"))
                .withPermits(256, 32)
                .withBudget(LaneSettings.Budget.of(Duration.ofSeconds(5), Duration.ofSeconds(30)));

        try (var lane = new LaneLoop(
                settings,
                new Greeter(),
                () -> new KafkaConsumer<>(with(
                        broker,
                        settings.consumerProperties(),
                        Map.of("group.id", "greeters", "group.protocol", "consumer"))),
                () -> new KafkaProducer<>(with(broker, LaneSettings.producerProperties(), Map.of())),
                new SimpleMeterRegistry())) {
            lane.start();
            Thread.currentThread().join(); // until the process is told to end
        }
    }

    /// Phase 1 makes a greeting, which may take its time; phase 2 delivers it, which must be done before the offset
    /// moves on.
    static final class Greeter implements JobHandler<String> {

        @Override
        public String run(Job job) {
            return "Hello, " + new String(job.value(), StandardCharsets.UTF_8);
        }

        @Override
        public String timedOut(Job job) {
            return "Sorry, that took too long";
        }

        @Override
        public String expired(Job job) {
            return "Sorry, that was too long ago";
        }

        @Override
        public Settlement settle(Job job, String greeting) {
            System.out.println(greeting);
            return new Settlement.Durable("greeted");
        }
    }

    @SafeVarargs
    private static Map<String, Object> with(Map<String, Object>... parts) {
        var all = new HashMap<String, Object>();
        for (var part : parts) {
            all.putAll(part);
        }
        return all;
    }
}
