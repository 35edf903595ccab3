package outrider.lanes;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The meters of one lane. Every record consumed is counted exactly once, in `lane.settled`, `lane.redo.skipped` or
/// `lane.stale`.
final class LaneMetrics {
    private final MeterRegistry registry;
    private final Tags lane;
    /// By outcome; apart from the rest because every job is counted here.
    private final Map<String, Counter> settled = new ConcurrentHashMap<>();

    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Assignment, Meter> frontierAges = new ConcurrentHashMap<>();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final Rate rate = new Rate();
    private final List<Gauge> gauges = new ArrayList<>();
    private final Timer ran;
    private final Timer waited;
    private final Timer committed;
    private final Timer drained;

    LaneMetrics(MeterRegistry registry, String lane, Permits permits, InFlight inFlight) {
        this.registry = registry;
        this.lane = Tags.of("lane", lane);
        // From the start, so that the first of them is seen as an increase.
        counter("dead");
        count("lane.commit.failures", "", "", 0);
        this.ran = timer("lane.job.duration", "Phase 1 of a job, from its permit to its result");
        this.waited = timer("lane.queue.wait", "From the poll to the permit");
        this.committed = timer("lane.commit.duration", "A commit of offsets, until it was acknowledged");
        this.drained = timer("lane.drain", "Waiting for running jobs when partitions leave");
        gauge(Gauge.builder("lane.in.flight", inFlight, InFlight::size), "Jobs that run or report");
        gauge(Gauge.builder("lane.permits", permits, Permits::limit), "How many may");
        gauge(Gauge.builder("lane.overflow", permits, Permits::overflow), "Jobs past their soft budget");
        gauge(
                Gauge.builder("lane.abandoned", abandoned, AtomicInteger::get),
                "Threads that ignore their interrupt, whose jobs ended without them");
    }

    /// To be called once, when there are partitions.
    void watch(Partitions partitions) {
        gauge(
                Gauge.builder("lane.backlog", partitions, Partitions::backlog),
                "Jobs of the partitions here that are not settled: not polled yet, waiting, or in flight");
    }

    private void gauge(Gauge.Builder<?> gauge, String description) {
        gauges.add(gauge.tags(lane).description(description).register(registry));
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .tags(lane)
                .description(description)
                .publishPercentileHistogram()
                .register(registry);
    }

    void settled(String outcome) {
        rate.event();
        counter(outcome).increment();
    }

    private Counter counter(String outcome) {
        return settled.computeIfAbsent(
                outcome, unknown -> registry.counter("lane.settled", lane.and("outcome", outcome)));
    }

    Rate rate() {
        return rate;
    }

    void redoSkipped() {
        count("lane.redo.skipped", "", "", 1);
    }

    /// A job ended whose partition had gone to another member.
    void stale() {
        count("lane.stale", "", "", 1);
    }

    /// @param kind `overflow`, `hand-off` or `hard`
    void deadline(String kind) {
        count("lane.deadlines", "kind", kind, 1);
    }

    void commitFailed() {
        count("lane.commit.failures", "", "", 1);
    }

    /// @param change `assigned`, `revoked` or `lost`
    void rebalanced(String change, int partitions) {
        count("lane.rebalanced.partitions", "change", change, partitions);
    }

    void paused(String cause, long nanos) {
        count("lane.paused.seconds", "cause", cause, nanos / 1e9);
    }

    void failed(Throwable cause) {
        count("lane.poll.failures", "cause", cause.getClass().getSimpleName(), 1);
    }

    void ran(long nanos) {
        ran.record(nanos, TimeUnit.NANOSECONDS);
    }

    void waited(long nanos) {
        waited.record(nanos, TimeUnit.NANOSECONDS);
    }

    void committed(long nanos) {
        committed.record(nanos, TimeUnit.NANOSECONDS);
    }

    void drained(long nanos) {
        drained.record(nanos, TimeUnit.NANOSECONDS);
    }

    void abandoned() {
        abandoned.incrementAndGet();
    }

    /// A thread that had been abandoned came back.
    void returned() {
        abandoned.decrementAndGet();
    }

    void watch(Assignment assignment) {
        var gauge = TimeGauge.builder(
                        "lane.frontier.age",
                        assignment,
                        TimeUnit.NANOSECONDS,
                        watched -> watched.frontierAge(System.nanoTime()))
                .tags(lane.and(
                        "topic", assignment.partition().topic(),
                        "partition", Integer.toString(assignment.partition().partition())))
                .description("How long the lowest unsettled record of the partition has been here")
                .register(registry);
        frontierAges.put(assignment, gauge);
    }

    void forget(Assignment assignment) {
        var gauge = frontierAges.remove(assignment);
        if (gauge != null) {
            registry.remove(gauge);
        }
    }

    /// Takes the gauges back, for they would go on telling of a lane that is closed.
    void close() {
        gauges.forEach(registry::remove);
        frontierAges.keySet().forEach(this::forget);
    }

    private void count(String name, String tag, String value, double amount) {
        counters.computeIfAbsent(
                        name + value, key -> registry.counter(name, tag.isEmpty() ? lane : lane.and(tag, value)))
                .increment(amount);
    }
}
