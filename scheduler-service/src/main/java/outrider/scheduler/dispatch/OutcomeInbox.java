package outrider.scheduler.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import outrider.scan.ScanOutcome;
import outrider.scan.Wire;
import outrider.scheduler.Transactions;
import outrider.web.Bisection;

/// Takes what checkers tell of scans: decodes it, drops what nobody could ever read, closes the scans.
@Component
final class OutcomeInbox {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeInbox.class);
    private static final int LONGEST_WHY = 512;
    private static final Duration OLDEST = Duration.ofDays(60);
    /// No scan runs longer; what says so is not believed.
    private static final long MAX_MILLIS = Duration.ofDays(7).toMillis();
    /// Kafka's own bound.
    private static final int MAX_TOPIC = 249;

    private final OpenScans scans;
    private final Transactions transactions;
    private final DispatchMetrics metrics;
    private final Clock clock;

    OutcomeInbox(OpenScans scans, Transactions transactions, DispatchMetrics metrics, Clock clock) {
        this.scans = scans;
        this.transactions = transactions;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Stores what the records tell. One that can never be stored is skipped, counted and named, and holds none
    /// of the others up.
    ///
    /// @throws DataAccessException when the database is away, or something else that passes; what was stored by
    /// then is stored again without harm
    void accept(Collection<ConsumerRecord<String, byte[]>> records) {
        var read = records.stream().map(this::read).filter(Objects::nonNull).toList();
        var refused = Bisection.store(
                read, told -> store(told.stream().map(Told::outcome).toList()));
        refused.forEach(one -> LOG.error(
                "Skipped the outcome at {}-{} offset {}, which can never be stored",
                one.item().record().topic(),
                one.item().record().partition(),
                one.item().record().offset(),
                one.why()));
        var skipped = refused.stream().map(Bisection.Refused::item).toList();
        metrics.outcomes(
                read.stream()
                        .filter(told -> !skipped.contains(told))
                        .map(Told::outcome)
                        .toList(),
                records.size() - read.size(),
                skipped.size());
    }

    private record Told(ConsumerRecord<String, byte[]> record, ScanOutcome outcome) {}

    private void store(List<ScanOutcome> read) {
        var started = of(ScanOutcome.Kind.STARTED, read);
        var moved = new LinkedHashMap<UUID, ScanOutcome>();
        of(ScanOutcome.Kind.MOVED, read).forEach(outcome -> moved.put(outcome.scanId(), outcome));
        var ended = new LinkedHashMap<UUID, OpenScans.Closing>();
        read.stream()
                .filter(outcome -> outcome.kind().closes())
                .forEach(outcome -> ended.merge(outcome.scanId(), closing(outcome), OutcomeInbox::stronger));
        var reported = ended.values().stream()
                .filter(closing -> closing.outcome() == ScanOutcome.Kind.REPORTED)
                .toList();
        transactions.run(() -> {
            scans.lock(read, ScanOutcome::assetId, ScanOutcome::scanId);
            scans.start(started);
            scans.move(moved.values());
            if (scans.close(ended.values(), clock.instant()) < ended.size()) {
                scans.reportAfterAll(reported);
            }
        });
    }

    private static List<ScanOutcome> of(ScanOutcome.Kind kind, List<ScanOutcome> read) {
        return read.stream().filter(outcome -> outcome.kind() == kind).toList();
    }

    private @Nullable Told read(ConsumerRecord<String, byte[]> record) {
        var outcome = decode(record);
        return outcome == null ? null : new Told(record, outcome);
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
                Math.clamp(outcome.durationMillis(), 0, MAX_MILLIS),
                believable(outcome.at()),
                bounded(outcome.why()),
                bounded(outcome.moved()),
                outcome.untold());
    }

    private static ScanOutcome.@Nullable Place bounded(ScanOutcome.@Nullable Place moved) {
        if (moved == null) {
            return null;
        }
        if (moved.topic().length() > MAX_TOPIC
                || moved.topic().indexOf('\0') >= 0
                || moved.partition() < 0
                || moved.offset() < 0) {
            throw new IllegalArgumentException("moved: not a place in Kafka");
        }
        return moved;
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
                outcome.scanId(),
                outcome.sequence(),
                outcome.kind(),
                outcome.lane(),
                outcome.at(),
                outcome.durationMillis(),
                outcome.why(),
                outcome.kind() == ScanOutcome.Kind.EXPIRED ? clock.instant() : null,
                Boolean.TRUE.equals(outcome.untold()));
    }

    /// A scan that ran twice has ended twice; that its report is there counts for more than how the other run
    /// failed.
    private static OpenScans.Closing stronger(OpenScans.Closing first, OpenScans.Closing second) {
        return second.outcome() == ScanOutcome.Kind.REPORTED ? second : first;
    }
}
