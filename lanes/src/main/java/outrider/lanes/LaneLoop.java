package outrider.lanes;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/// A lane of this process: one consumer, one poll thread, and a virtual thread per job.
///
/// At least once: an offset is committed only after its job's end is durable, and a job whose partition is
/// lost before that runs again elsewhere. Jobs of a partition run in no order.
public final class LaneLoop implements AutoCloseable {
    private final LaneSettings settings;
    private final Permits permits;
    private final InFlight inFlight = new InFlight();
    private final Admission admission;
    private final Partitions partitions;
    private final Committer committer;
    private final Forwarder forwarder;
    private final LaneMetrics metrics;
    private final PollLoop poll;
    private final Thread thread;

    /// @param consumers a new consumer of the lane's group whenever one is needed, with at least
    /// [LaneSettings#consumerProperties()]
    /// @param producers a new producer whenever one is needed, closed here, with at least
    /// [LaneSettings#producerProperties()]
    public <R> LaneLoop(
            LaneSettings settings,
            JobHandler<R> handler,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Supplier<Producer<byte[], byte[]>> producers,
            MeterRegistry registry) {
        var clock = Clock.systemUTC();
        var wake = new Wake();
        this.settings = settings;
        permits = new Permits(settings.permits(), settings.overflow());
        metrics = new LaneMetrics(registry, settings.lane(), permits, inFlight);
        forwarder = new Forwarder(settings, producers, clock);
        var handOffs = settings.handsOff()
                .map(handOff -> new TokenBucket(handOff.burst(), handOff.settledPerMove()))
                .orElseGet(() -> new TokenBucket(0, 1));
        var threads = Thread.ofVirtual().name(settings.lane() + "-job").factory();
        var parts = new LaneParts<>(settings, handler, permits, handOffs, forwarder, metrics, threads, clock);
        admission = new Admission(
                permits,
                inFlight,
                clock,
                wake,
                (admitting, assignment, polled, now) -> new JobRun<>(parts, admitting, assignment, polled, now),
                settings.turnsBy());
        committer = new Committer(settings.limits(), metrics, clock);
        partitions = new Partitions(settings, admission, inFlight, committer, metrics);
        metrics.watch(partitions);
        poll = new PollLoop(settings, consumers, admission, inFlight, partitions, committer, wake, metrics, clock);
        thread = Thread.ofPlatform().name("lane-" + settings.lane()).unstarted(poll);
    }

    /// Joins the group and begins. A loop starts once.
    public void start() {
        thread.start();
    }

    /// Stops admitting, lets running jobs finish inside the shutdown bound, commits, leaves the group, and
    /// interrupts the rest: they run again elsewhere. Returns when all of it is done.
    @Override
    public void close() {
        poll.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        forwarder.close();
        metrics.close();
    }

    public void state(LaneState state) {
        admission.state(state);
    }

    public LaneState state() {
        return admission.state();
    }

    /// Admits nothing until released, for a cause of the caller's own; jobs in flight go on. Holding again
    /// renews the lease and changes the explanation.
    ///
    /// @param lease past it the hold releases itself: whoever holds must be able to say so again
    public void hold(String cause, String why, Duration lease) {
        admission.hold(cause, why, lease);
    }

    public void release(String cause) {
        admission.release(cause);
    }

    /// How many jobs may be in flight from now on; above that, running ones finish first.
    public void resize(int permits) {
        admission.resize(permits);
    }

    public LaneSettings settings() {
        return settings;
    }

    /// What the lane looks like; callable from any thread at any time.
    public LaneSnapshot snapshot() {
        long now = System.nanoTime();
        return new LaneSnapshot(
                settings.lane(),
                admission.state(),
                admission.holds(),
                permits.limit(),
                inFlight.size(),
                permits.overflow(),
                metrics.rate().perSecond(),
                poll.lastTurn(),
                committer.lastSuccess().orElse(null),
                partitions.all().stream()
                        .flatMap(assignment -> describe(assignment, now))
                        .sorted(Comparator.comparing(LaneSnapshot.Partition::topic)
                                .thenComparing(LaneSnapshot.Partition::partition))
                        .toList());
    }

    private Stream<LaneSnapshot.Partition> describe(Assignment assignment, long now) {
        return assignment.progress().stream()
                .map(progress -> new LaneSnapshot.Partition(
                        assignment.partition().topic(),
                        assignment.partition().partition(),
                        progress.frontier(),
                        progress.position(),
                        progress.unsettled(),
                        admission.buffered(assignment),
                        assignment.lag(),
                        Duration.ofNanos(assignment.frontierAge(now))));
    }

    /// The jobs in flight, the oldest first.
    public List<LaneSnapshot.InFlightJob> jobs() {
        return inFlight.all()
                .map(run -> describe(run.job(), run.isReporting()))
                .sorted(Comparator.comparing(LaneSnapshot.InFlightJob::since))
                .toList();
    }

    private static LaneSnapshot.InFlightJob describe(Job job, boolean reporting) {
        return new LaneSnapshot.InFlightJob(
                job.topic(),
                job.partition(),
                job.offset(),
                job.key(),
                job.label(),
                job.attempt(),
                job.admittedAt(),
                reporting);
    }
}
