package outrider.scheduler.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scan.ScanOutcome;
import outrider.scan.Wire;

/// Takes what checkers tell of scans: decodes it, drops what nobody could ever read, closes the scans.
@Component
final class OutcomeInbox {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeInbox.class);
    private static final int LONGEST_WHY = 512;
    private static final Duration OLDEST = Duration.ofDays(60);

    private final OpenScans scans;
    private final TransactionTemplate transactions;
    private final DispatchMetrics metrics;
    private final Clock clock;

    OutcomeInbox(OpenScans scans, TransactionTemplate transactions, DispatchMetrics metrics, Clock clock) {
        this.scans = scans;
        this.transactions = transactions;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Stores what the records tell, all of it or, by an exception, nothing.
    void accept(Collection<ConsumerRecord<String, byte[]>> records) {
        var read = records.stream().map(this::decode).filter(Objects::nonNull).toList();
        var started = read.stream().filter(outcome -> !outcome.kind().closes()).toList();
        var ended = new LinkedHashMap<UUID, OpenScans.Closing>();
        read.stream()
                .filter(outcome -> outcome.kind().closes())
                .forEach(outcome -> ended.merge(outcome.scanId(), closing(outcome), OutcomeInbox::stronger));
        var reported = ended.values().stream()
                .filter(closing -> closing.outcome() == ScanOutcome.Kind.REPORTED)
                .toList();
        transactions.executeWithoutResult(status -> {
            scans.start(started);
            if (scans.close(ended.values()) < ended.size()) {
                scans.reportAfterAll(reported);
            }
        });
        metrics.outcomes(read, records.size() - read.size());
    }

    private @Nullable ScanOutcome decode(ConsumerRecord<String, byte[]> record) {
        try {
            return readable(record.value() == null ? null : Wire.read(record.value(), ScanOutcome.class));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "Skipped the unreadable outcome at {}-{} offset {}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            return null;
        }
    }

    /// What comes from a checker has been close to hostile hosts: whatever the database would refuse is refused
    /// here.
    private ScanOutcome readable(@Nullable ScanOutcome outcome) {
        if (outcome == null || outcome.checker().indexOf('\0') >= 0) {
            throw new IllegalArgumentException(outcome == null ? "it is empty" : "checker: not a name");
        }
        return new ScanOutcome(
                outcome.scanId(),
                outcome.sequence(),
                outcome.accountId(),
                outcome.assetId(),
                outcome.checker(),
                outcome.lane(),
                outcome.attempt(),
                outcome.kind(),
                Math.max(0, outcome.durationMillis()),
                believable(outcome.at()),
                bounded(outcome.why()));
    }

    private Instant believable(Instant at) {
        var now = clock.instant();
        return at.isAfter(now) || at.isBefore(now.minus(OLDEST)) ? now : at;
    }

    private static @Nullable String bounded(@Nullable String why) {
        if (why == null) {
            return null;
        }
        var clean = why.replace("\0", "");
        return clean.length() <= LONGEST_WHY ? clean : clean.substring(0, LONGEST_WHY - 1) + "…";
    }

    /// An expired scan has not looked at anything, so its scope is due again.
    private OpenScans.Closing closing(ScanOutcome outcome) {
        return new OpenScans.Closing(
                outcome.assetId(),
                outcome.checker(),
                outcome.scanId(),
                outcome.sequence(),
                outcome.kind(),
                outcome.lane(),
                outcome.at(),
                outcome.durationMillis(),
                outcome.why(),
                outcome.kind() == ScanOutcome.Kind.EXPIRED ? clock.instant() : null);
    }

    /// A scan that ran twice has ended twice; that its report is there counts for more than how the other run
    /// failed.
    private static OpenScans.Closing stronger(OpenScans.Closing first, OpenScans.Closing second) {
        return second.outcome() == ScanOutcome.Kind.REPORTED ? second : first;
    }
}
