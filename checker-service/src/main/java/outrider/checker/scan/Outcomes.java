package outrider.checker.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.stereotype.Component;
import outrider.lanes.DurableProducer;
import outrider.lanes.Job;
import outrider.lanes.Move;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.Topics;
import outrider.scan.Wire;

/// Tells the scheduler how scans go. What the scheduler must know is sent until the brokers have it.
@Component
final class Outcomes implements AutoCloseable {
    /// So that what is told first arrives first, unless Kafka is away: then no scan waits for it.
    private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

    private final DurableProducer producer;
    private final Clock clock;

    @Autowired
    Outcomes(ProducerFactory<?, ?> producers, Clock clock) {
        this.producer = new DurableProducer(() -> Lanes.producer(producers));
        this.clock = clock;
    }

    /// Says that a scan began. Nobody waits for it, and nothing depends on it: it fails no scan and delays none
    /// for long.
    void began(Job job, ScanJob scan) throws InterruptedException {
        var record = record(job, scan, ScanOutcome.Kind.STARTED, 0, null, null, null);
        Thread.ofVirtual()
                .name("outcome-began")
                .start(() -> producer.offer(record, job))
                .join(LONGEST_WAIT);
    }

    /// Says that a scan was reported; returns when the brokers have it, however long that takes.
    ///
    /// @param untold whether no check could tell anything
    /// @throws InterruptedException when the job is no longer ours
    void reported(Job job, ScanJob scan, long millis, boolean untold) throws InterruptedException {
        send(job, record(job, scan, ScanOutcome.Kind.REPORTED, millis, null, null, untold ? true : null));
    }

    /// Says how else a scan ended; returns when the brokers have it, however long that takes.
    ///
    /// @throws InterruptedException when the job is no longer ours
    void ended(Job job, ScanJob scan, ScanOutcome.Kind kind, long millis, @Nullable String why)
            throws InterruptedException {
        send(job, record(job, scan, kind, millis, why, null, null));
    }

    /// Says where the job of a scan lies now; returns when the brokers have it, however long that takes.
    ///
    /// @param lane the lane that reads it there
    /// @throws InterruptedException when the job is no longer ours
    void moved(Job job, ScanJob scan, Lane lane, Move.Place to, @Nullable String why) throws InterruptedException {
        var place = new ScanOutcome.Place(lane, to.topic(), to.partition(), to.offset());
        send(job, record(job, scan, ScanOutcome.Kind.MOVED, 0, why, place, null));
    }

    private void send(Job job, ProducerRecord<byte[], byte[]> record) throws InterruptedException {
        producer.send(record, "The outcome of " + job, job::isCurrent);
    }

    private ProducerRecord<byte[], byte[]> record(
            Job job,
            ScanJob scan,
            ScanOutcome.Kind kind,
            long millis,
            @Nullable String why,
            ScanOutcome.@Nullable Place moved,
            @Nullable Boolean untold) {
        var outcome = new ScanOutcome(
                scan.scanId(),
                scan.sequence(),
                scan.accountId(),
                scan.assetId(),
                scan.checker(),
                Lane.of(job.lane()),
                job.attempt(),
                kind,
                millis,
                clock.instant(),
                why,
                moved,
                untold);
        return new ProducerRecord<>(Topics.OUTCOMES, scan.assetId().toString().getBytes(UTF_8), Wire.write(outcome));
    }

    @Override
    public void close() {
        producer.close();
    }
}
