package outrider.lanes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The poll thread of a lane. It does no work of a job, waits for none, and nothing that is thrown ends it.
final class PollLoop implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(PollLoop.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration GLANCE = Duration.ofMillis(5);
    /// After so many glances in a row at nothing, they become rarer.
    private static final int GLANCES = 20;
    private static final Duration SLOW_GLANCE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final String COMMIT = "commit";

    private final LaneSettings settings;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Admission admission;
    private final InFlight inFlight;
    private final Partitions partitions;
    private final Committer committer;
    private final Wake wake;
    private final LaneMetrics metrics;
    private final Clock clock;
    private final LagSampler lag;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Instant lastTurn;

    private @Nullable Consumer<byte[], byte[]> consumer;
    private long lastTick = System.nanoTime();
    private long quietUntil = System.nanoTime();
    private int failures;
    private int glances;

    PollLoop(
            LaneSettings settings,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Admission admission,
            InFlight inFlight,
            Partitions partitions,
            Committer committer,
            Wake wake,
            LaneMetrics metrics,
            Clock clock) {
        this.settings = settings;
        this.consumers = consumers;
        this.admission = admission;
        this.inFlight = inFlight;
        this.partitions = partitions;
        this.committer = committer;
        this.wake = wake;
        this.metrics = metrics;
        this.clock = clock;
        this.lag = new LagSampler(partitions);
        this.lastTurn = clock.instant();
    }

    Instant lastTurn() {
        return lastTurn;
    }

    /// Drains inside the shutdown bound, commits and leaves the group; [#run()] then returns.
    void close() {
        admission.close();
        closing.countDown();
        wake.signal();
    }

    @Override
    public void run() {
        while (closing.getCount() > 0) {
            turn();
        }
        long deadline = System.nanoTime() + settings.drain().shutdown().toNanos();
        // It polls on, with everything paused: a member that is silent would lose its partitions before the
        // commit.
        while (inFlight.size() > 0 && System.nanoTime() < deadline) {
            turn();
        }
        leave();
    }

    private void turn() {
        try {
            lastTurn = clock.instant();
            tick(System.nanoTime());
            if (System.nanoTime() < quietUntil) {
                Thread.sleep(TICK);
                return;
            }
            var open = open();
            accept(poll(open));
            admission.dispatch();
            lag.sample(open, System.nanoTime());
            failures = 0;
        } catch (WakeupException e) {
            // Something changed: look again.
        } catch (Throwable e) {
            recoverSafely(e);
        }
    }

    /// Nothing ends this thread, not even a failure of what follows a failure.
    private void recoverSafely(Throwable failure) {
        try {
            recover(failure);
        } catch (Throwable e) {
            log.warn("{}: a new consumer takes over, since the old one could not go on", settings.lane(), e);
            abandon();
        }
    }

    private void tick(long now) {
        if (now - lastTick < TICK.toNanos()) {
            return;
        }
        admission.holds().keySet().forEach(cause -> metrics.paused(cause, now - lastTick));
        metrics.rate().tick(now - lastTick);
        lastTick = now;
        inFlight.all().forEach(run -> run.watch(now));
        if (consumer != null) {
            committer.tick(consumer, partitions.all(), now);
        }
        if (committer.isStale(partitions.all(), now)) {
            admission.hold(
                    COMMIT,
                    "nothing could be committed for " + settings.limits().commitStale());
        } else {
            admission.release(COMMIT);
        }
        // Retries whose time has come, and permits that moved to the overflow.
        admission.dispatch();
    }

    private Consumer<byte[], byte[]> open() {
        if (consumer == null) {
            var opened = consumers.get();
            consumer = opened;
            var topics = new ArrayList<>(settings.topology().read(settings.lane()));
            topics.add(settings.retry().topic());
            opened.subscribe(topics, partitions.listener(opened));
        }
        return consumer;
    }

    /// A client that holds records of a paused partition does not wait in its poll: it looks at them again and
    /// again until the time is over (AsyncKafkaConsumer of Kafka 4.2). So with anything paused the wait is ours.
    private ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> consumer) {
        partitions.restore(consumer);
        wake.arm();
        try {
            int fetched = steer(consumer);
            if (fetched == partitions.all().size()) {
                return wake.poll(consumer, TICK);
            }
            var records = consumer.poll(Duration.ZERO);
            if (!records.isEmpty()) {
                glances = 0;
            } else if (wake.park(fetched == 0 ? TICK : glances < GLANCES ? GLANCE : SLOW_GLANCE)) {
                // A buffer has run empty: what is fetched next is about to come.
                glances = 0;
            } else {
                glances++;
            }
            return records;
        } finally {
            wake.disarm();
        }
    }

    /// Fetches exactly the partitions that may bring more, and counts them. A paused partition keeps what the
    /// client has fetched ahead.
    private int steer(Consumer<?, ?> consumer) {
        boolean fetches = admission.fetches();
        Set<TopicPartition> assigned = consumer.assignment();
        Set<TopicPartition> paused = consumer.paused();
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        int fetched = 0;
        for (Assignment assignment : partitions.all()) {
            boolean wanted = fetches && assignment.hasRoom() && admission.needsMore(assignment);
            fetched += wanted ? 1 : 0;
            if (assigned.contains(assignment.partition()) && wanted == paused.contains(assignment.partition())) {
                (wanted ? resume : pause).add(assignment.partition());
            }
        }
        consumer.pause(pause);
        consumer.resume(resume);
        return fetched;
    }

    private void accept(ConsumerRecords<byte[], byte[]> records) {
        var goneBack = new HashSet<TopicPartition>();
        for (TopicPartition partition : records.partitions()) {
            partitions
                    .find(partition)
                    .ifPresent(assignment -> begin(assignment, records.records(partition))
                            .ifPresentOrElse(
                                    begun -> accept(begun, records.records(partition)), () -> goneBack.add(partition)));
        }
        records.nextOffsets().forEach((partition, next) -> {
            if (!goneBack.contains(partition)) {
                partitions
                        .find(partition)
                        .flatMap(Assignment::progress)
                        .ifPresent(progress -> progress.advanceTo(next.offset()));
            }
        });
    }

    /// The assignment that the records belong to: another one where the log was cut or created anew. Empty where
    /// something is unsettled before them: the consumer goes back to that, and they come again after it.
    private Optional<Assignment> begin(Assignment assignment, List<ConsumerRecord<byte[], byte[]>> records) {
        long first = records.getFirst().offset();
        if (!assignment.progress().orElseThrow().rewoundBy(first)) {
            return Optional.of(assignment);
        }
        var begun = partitions.restart(assignment, first);
        long from = begun.progress().orElseThrow().position();
        log.warn("{} was cut and begins again at {}", assignment.partition(), from < 0 ? first : from);
        if (from < 0) {
            return Optional.of(begun);
        }
        Objects.requireNonNull(consumer).seek(assignment.partition(), from);
        return Optional.empty();
    }

    private void accept(Assignment assignment, List<ConsumerRecord<byte[], byte[]>> records) {
        var progress = assignment.progress().orElseThrow();
        long now = System.nanoTime();
        var admitted = new ArrayList<Polled>(records.size());
        for (var record : records) {
            var stamp = LaneHeaders.text(record, LaneHeaders.LANE);
            switch (settings.topology().route(settings.lane(), record.topic(), stamp)) {
                case Topology.Route.Leave() -> {
                    progress.advanceTo(record.offset() + 1);
                    metrics.settled("other_lane");
                }
                case Topology.Route.Run() -> admit(progress, record, now, null).ifPresent(admitted::add);
                case Topology.Route.Publish(String lane) ->
                    admit(progress, record, now, lane).ifPresent(admitted::add);
            }
        }
        admission.buffer(assignment, admitted);
    }

    /// Empty when it was settled before a restart.
    private Optional<Polled> admit(
            PartitionProgress progress, ConsumerRecord<byte[], byte[]> record, long now, @Nullable String publishTo) {
        var tracked = progress.track(record.offset(), now, record.leaderEpoch().orElse(OffsetMap.UNKNOWN_EPOCH));
        if (tracked.isEmpty()) {
            metrics.redoSkipped();
            return Optional.empty();
        }
        long notBefore = record.topic().equals(settings.retry().topic()) ? notBefore(record) : 0;
        return Optional.of(new Polled(record, tracked.get(), notBefore, publishTo));
    }

    /// When a retry is due, in milliseconds of the epoch. Never later than the retry's delay after it was
    /// written: the clock of the replica that wrote it may be ahead, and whatever lies behind it in its
    /// partition waits with it.
    private long notBefore(ConsumerRecord<byte[], byte[]> record) {
        long now = clock.millis();
        long written = record.timestamp() >= 0 ? Math.min(record.timestamp(), now) : now;
        var latest = Instant.ofEpochMilli(written).plus(settings.retry().delay());
        return LaneHeaders.instant(record, LaneHeaders.NOT_BEFORE)
                .filter(at -> at.isAfter(Instant.EPOCH))
                .map(at -> at.isBefore(latest) ? at.toEpochMilli() : latest.toEpochMilli())
                .orElse(0L);
    }

    private void recover(Throwable failure) {
        // An interrupt of this thread means nothing here, and would fail every later poll.
        Thread.interrupted();
        metrics.failed(failure);
        failures = Math.min(failures + 1, 16);
        long pause = Math.min(LONGEST_PAUSE.toNanos(), TICK.toNanos() << failures);
        quietUntil = System.nanoTime() + pause;
        log.warn("{}: polling failed, going on in {}", settings.lane(), Duration.ofNanos(pause), failure);
        var used = consumer;
        if (used == null || isPassing(failure)) {
            return;
        }
        if (failure instanceof InvalidOffsetException invalid) {
            used.seekToBeginning(invalid.partitions());
            return;
        }
        abandon();
    }

    /// Whatever was polled and not tracked must be polled again: only a new consumer starts from the last commit.
    private void abandon() {
        var used = consumer;
        consumer = null;
        partitions.lose(List.copyOf(partitions.all()));
        committer.reset();
        if (used != null) {
            close(used);
        }
    }

    private static boolean isPassing(Throwable failure) {
        return failure instanceof RetriableException
                || failure instanceof RebalanceInProgressException
                || failure instanceof CommitFailedException
                // The client joins again by itself, and the partitions it lost are told of by then.
                || failure instanceof StaleMemberEpochException
                || failure instanceof UnknownMemberIdException
                || failure instanceof AuthenticationException
                || failure instanceof AuthorizationException;
    }

    private void leave() {
        var all = List.copyOf(partitions.all());
        var used = consumer;
        if (used == null) {
            partitions.lose(all);
        } else {
            partitions.handOver(used, all, Duration.ZERO);
            close(used);
        }
        inFlight.awaitNone(all, settings.budget().grace().toNanos());
    }

    private void close(Consumer<?, ?> used) {
        try {
            used.close(CloseOptions.timeout(CLOSE));
        } catch (RuntimeException e) {
            log.warn("{}: the consumer did not close cleanly", settings.lane(), e);
        }
    }
}
