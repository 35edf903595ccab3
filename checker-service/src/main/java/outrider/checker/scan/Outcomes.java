package outrider.checker.scan;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import outrider.lanes.Job;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.Topics;
import outrider.scan.Wire;

/// Tells the scheduler how scans go.
@Component
final class Outcomes {
    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KafkaTemplate<String, byte[]> kafka;
    private final Clock clock;

    Outcomes(KafkaTemplate<String, byte[]> kafka, Clock clock) {
        this.kafka = kafka;
        this.clock = clock;
    }

    /// Says that a scan began. Nobody waits for it, and nothing depends on it.
    void began(Job job, ScanJob scan) {
        kafka.send(record(job, scan, ScanOutcome.Kind.STARTED, 0, null));
    }

    /// Says how a scan ended; returns when the brokers have it, however long that takes.
    ///
    /// @throws InterruptedException when the job is no longer ours
    void ended(Job job, ScanJob scan, ScanOutcome.Kind kind, long millis, @Nullable String why)
            throws InterruptedException {
        var record = record(job, scan, kind, millis, why);
        while (job.isCurrent()) {
            try {
                kafka.send(record).get();
                return;
            } catch (ExecutionException | KafkaException e) {
                LOG.warn("The outcome of {} waits for the brokers: {}", job, e.toString());
                Thread.sleep(PAUSE);
            }
        }
        throw new InterruptedException("%s is no longer ours".formatted(job));
    }

    private ProducerRecord<String, byte[]> record(
            Job job, ScanJob scan, ScanOutcome.Kind kind, long millis, @Nullable String why) {
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
                why);
        return new ProducerRecord<>(Topics.OUTCOMES, scan.assetId().toString(), Wire.write(outcome));
    }
}
