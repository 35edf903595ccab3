package outrider.bench.lanes.arm;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import outrider.bench.Topics;
import outrider.lanes.Job;
import outrider.lanes.JobHandler;
import outrider.lanes.LaneLoop;
import outrider.lanes.LaneSettings;
import outrider.lanes.Settlement;
import outrider.lanes.Topology;

/// Ours: the lane runtime with its defaults and all its metrics, the cap as its permits, and a budget that no job
/// exceeds.
public final class LaneArm implements Arm {
    private static final String LANE = "bench";

    @Override
    public String name() {
        return "lanes (ours)";
    }

    @Override
    public String settings(Feed feed) {
        var limits = settings(feed.topic(), feed.cap()).limits();
        return "1 consumer, polls of %d, %d permits, at most %d unsettled a partition, commits every %d s"
                .formatted(
                        limits.maxPollRecords(),
                        feed.cap(),
                        limits.maxUnsettled(),
                        limits.commitInterval().toSeconds());
    }

    @Override
    public void prepare(Feed feed, Topics topics) {
        topics.ensure(settings(feed.topic(), feed.cap()).retry().topic(), 1);
    }

    @Override
    public Run start(Feed feed, Work work) {
        return start(feed, work, UnaryOperator.identity());
    }

    /// Starts with a look at the consumer it uses.
    public Run start(Feed feed, Work work, UnaryOperator<Consumer<byte[], byte[]>> watched) {
        var settings = settings(feed.topic(), feed.cap());
        var consuming = Clients.properties(feed, settings.limits().maxPollRecords());
        consuming.putAll(settings.consumerProperties());
        var producing = new HashMap<>(LaneSettings.producerProperties());
        producing.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, feed.bootstrap());
        var loop = new LaneLoop(
                settings,
                new Handler(work),
                () -> watched.apply(new KafkaConsumer<>(consuming)),
                () -> new KafkaProducer<>(producing),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        loop.start();
        return loop::close;
    }

    private static LaneSettings settings(String topic, int permits) {
        var forEver = Duration.ofHours(24);
        var atOnce = Duration.ofMillis(100);
        return LaneSettings.of(LANE, Topology.of(LANE, topic))
                .withPermits(permits, 0)
                .withBudget(LaneSettings.Budget.of(forEver, forEver))
                .withDrain(new LaneSettings.Drain(atOnce, atOnce));
    }

    /// Settles at once: what is measured is the consuming, not a report.
    private record Handler(Work work) implements JobHandler<String> {
        @Override
        public String run(Job job) throws InterruptedException {
            work.run(job.value());
            return "done";
        }

        @Override
        public String timedOut(Job job) {
            return "timed_out";
        }

        @Override
        public String expired(Job job) {
            return "expired";
        }

        @Override
        public Settlement settle(Job job, String result) {
            return new Settlement.Durable(result);
        }
    }
}
