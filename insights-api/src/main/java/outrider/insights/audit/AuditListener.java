package outrider.insights.audit;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import outrider.scan.AuditRecord;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.web.Bisection;

/// Stores the topic `outrider-audit`. A record that cannot be read, or never be stored, is counted, logged and
/// skipped, and holds none of the others up; when the database is away, the records wait.
@Component
final class AuditListener {
    private static final Logger LOG = LoggerFactory.getLogger(AuditListener.class);
    private static final int LONGEST = 300;
    private static final Duration BELIEVABLE = Duration.ofDays(366);

    private final AuditRepository repository;
    private final MeterRegistry meters;
    private final Clock clock;

    AuditListener(AuditRepository repository, MeterRegistry meters, Clock clock) {
        this.repository = repository;
        this.meters = meters;
        this.clock = clock;
    }

    private record Read(ConsumerRecord<String, byte[]> from, AuditRecord record) {}

    @KafkaListener(id = "audit", groupId = "outrider.insights.audit", topics = Topics.AUDIT)
    void onRecords(List<ConsumerRecord<String, byte[]>> records) {
        var readable = new ArrayList<Read>(records.size());
        for (var record : records) {
            try {
                readable.add(new Read(record, read(record.value())));
            } catch (IllegalArgumentException e) {
                LOG.warn("Skipped the record at {}-{}: {}", record.partition(), record.offset(), e.getMessage());
            }
        }
        var refused = Bisection.store(
                readable,
                some -> repository.save(some.stream().map(Read::record).toList()));
        refused.forEach(one -> LOG.error(
                "Skipped the record at {}-{}, which can never be stored",
                one.item().from().partition(),
                one.item().from().offset(),
                one.why()));
        count("stored", readable.size() - refused.size());
        count("unreadable", records.size() - readable.size());
        count("refused", refused.size());
    }

    /// Its sender has been close to hostile hosts: what the database would refuse, for ever, is mended here.
    private AuditRecord read(byte @Nullable [] value) {
        var record = value == null ? null : Wire.read(value, AuditRecord.class);
        if (record == null) {
            throw new IllegalArgumentException("it is empty");
        }
        var now = clock.instant();
        var believable =
                record.at().isAfter(now.minus(BELIEVABLE)) && record.at().isBefore(now.plus(BELIEVABLE));
        return new AuditRecord(
                record.id(),
                believable ? record.at() : now,
                text(record.service()),
                text(record.replica()),
                text(record.actor()),
                text(record.action()),
                text(record.target()),
                record.before(),
                record.after());
    }

    private static String text(String text) {
        var clean = text.replace('\0', '\uFFFD');
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST - 1) + "…";
    }

    private void count(String kind, int records) {
        meters.counter("outrider.audit.records", "kind", kind).increment(records);
    }
}
