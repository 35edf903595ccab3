package outrider.checker.scan;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;
import outrider.checker.report.Upstream;
import outrider.lanes.LaneLoop;
import outrider.lanes.LaneSettings;
import outrider.scan.Lane;

/// The lanes that run in this process, from its start to its end.
public final class Lanes implements SmartLifecycle {
    /// Last to start and first to stop: everything a scan needs is there as long as a scan runs.
    public static final int PHASE = SmartLifecycle.DEFAULT_PHASE;

    private static final String API = "insights-api";

    private final Map<Lane, LaneLoop> loops = new EnumMap<>(Lane.class);
    private final ConsumerFactory<byte[], byte[]> consumers;
    private final ProducerFactory<?, ?> producers;
    private final LaneProperties properties;
    private volatile boolean running;

    Lanes(
            LaneProperties properties,
            Collection<Lane> enabled,
            TracedScans handler,
            ConsumerFactory<byte[], byte[]> consumers,
            ProducerFactory<?, ?> producers,
            Upstream upstream,
            MeterRegistry registry) {
        this.consumers = consumers;
        this.producers = producers;
        this.properties = properties;
        for (var lane : enabled) {
            var settings = properties.settings(lane);
            loops.put(lane, new LaneLoop(settings, handler, () -> consumer(lane, settings), this::producer, registry));
        }
        upstream.listen(new Upstream.Listener() {
            @Override
            public void inTrouble(String why, Duration lease) {
                loops.values().forEach(loop -> loop.hold(API, why, lease));
            }

            @Override
            public void wellAgain() {
                loops.values().forEach(loop -> loop.release(API));
            }
        });
    }

    /// The lane, if this process runs it.
    public Optional<LaneLoop> find(Lane lane) {
        return Optional.ofNullable(loops.get(lane));
    }

    /// The lanes of this process.
    public Map<Lane, LaneLoop> all() {
        return Map.copyOf(loops);
    }

    private Consumer<byte[], byte[]> consumer(Lane lane, LaneSettings settings) {
        var overrides = new Properties();
        overrides.putAll(settings.consumerProperties());
        return consumers.createConsumer(lane.group(), null, "-" + lane.id(), overrides);
    }

    /// The topic where a lane's jobs are published, also of one that runs elsewhere.
    public String topicOf(Lane lane) {
        return properties.of(lane).topics().getFirst();
    }

    /// A producer for whoever passes records on as they are; acknowledged by all replicas. The caller closes it.
    public Producer<byte[], byte[]> producer() {
        return producer(producers);
    }

    static Producer<byte[], byte[]> producer(ProducerFactory<?, ?> producers) {
        var configuration = new HashMap<>(producers.getConfigurationProperties());
        configuration.putAll(LaneSettings.producerProperties());
        return new KafkaProducer<>(configuration);
    }

    @Override
    public void start() {
        running = true;
        loops.values().forEach(LaneLoop::start);
    }

    /// Ends when all lanes have drained, each within a bound of its own.
    ///
    /// Not in the background: Spring waits for as many ends as this phase has beans, and counts among them the
    /// end of whoever depends on the lanes. It would go on, and end the process, while the lanes still drain.
    @Override
    public void stop() {
        // All at once: each has its own time to drain.
        var closing = loops.values().stream()
                .map(loop -> Thread.ofVirtual().start(loop::close))
                .toList();
        closing.forEach(Lanes::join);
        running = false;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
