package outrider.scheduler.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import outrider.scan.Lane;
import outrider.scan.ScanOutcome;
import outrider.scheduler.Transactions;

/// Looks at published scans of which nothing was heard for long. A scan is given up only when its lane has
/// settled its job long ago, or when the job is too old to be run: a lane that is slow or paused is no reason to
/// scan again.
@Component
final class LostScanSweeper {

    private static final Logger LOG = LoggerFactory.getLogger(LostScanSweeper.class);
    private static final String NO_OUTCOME = "its lane was done with it long ago, and no outcome has come";
    private static final String NOT_RUN = "it was not run before it expired";
    private static final int BATCHES = 20;
    private static final Duration MAX_WAIT = Duration.ofHours(1);
    private static final Duration TURN = Duration.ofMinutes(1);
    /// Past its expiry a job settles as expired; its outcome gets this long to arrive.
    private static final Duration EXPIRY_MARGIN = Duration.ofMinutes(10);

    private final LongOpenScans longOpen;
    private final OpenScans scans;
    private final LaneFrontier frontier;
    private final Publications publications;
    private final Transactions transactions;
    private final DispatchProperties properties;
    private final DispatchMetrics metrics;
    private final Clock clock;

    LostScanSweeper(
            LongOpenScans longOpen,
            OpenScans scans,
            LaneFrontier frontier,
            Publications publications,
            Transactions transactions,
            DispatchProperties properties,
            DispatchMetrics metrics,
            Clock clock) {
        this.longOpen = longOpen;
        this.scans = scans;
        this.frontier = frontier;
        this.publications = publications;
        this.transactions = transactions;
        this.properties = properties;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// What the sweeper makes of a scan.
    enum Verdict {
        /// Its job still waits or runs.
        WAITING,
        /// Its lane is done with its job, so that its outcome should come soon.
        SETTLED,
        /// Its outcome should have come and did not.
        LOST,
        /// Its job is too old to be run.
        EXPIRED
    }

    /// One round.
    ///
    /// @return whether there is more to do at once
    boolean sweep() {
        var now = clock.instant();
        publications.clamp(now, properties.claimLease().multipliedBy(2), MAX_WAIT.plus(properties.checkAfter()));
        var taken = transactions.execute(() -> longOpen.take(BATCHES, now, now.plus(TURN)));
        if (taken.isEmpty()) {
            return false;
        }
        var open = taken.stream().flatMap(batch -> batch.open().stream()).toList();
        var frontiers =
                frontier.of(open.stream().map(LongOpenScans.LongOpen::lane).collect(Collectors.toSet()));
        var changed = new ArrayList<LongOpenScans.LongOpen>();
        var settled = new ArrayList<LongOpenScans.LongOpen>();
        var closings = new ArrayList<OpenScans.Closing>();
        for (var scan : open) {
            var verdict = judge(scan, frontiers, now);
            metrics.swept(verdict).increment();
            if (verdict != Verdict.WAITING) {
                changed.add(scan);
            }
            switch (verdict) {
                case WAITING -> {}
                case SETTLED -> settled.add(scan);
                case LOST -> closings.add(close(scan, ScanOutcome.Kind.DEAD, now, NO_OUTCOME));
                case EXPIRED -> closings.add(close(scan, ScanOutcome.Kind.EXPIRED, now, NOT_RUN));
            }
        }
        var again = taken.stream().collect(Collectors.toMap(LongOpenScans.Batch::batch, batch -> nextLook(batch, now)));
        var closed = transactions.execute(() -> {
            scans.lock(changed, LongOpenScans.LongOpen::assetId, LongOpenScans.LongOpen::scanId);
            var count = scans.close(closings, now);
            longOpen.settle(settled, now);
            longOpen.lookAgain(again);
            longOpen.end(again.keySet());
            return count;
        });
        if (closed > 0) {
            LOG.warn("Gave up {} scans that never ended; their scopes are due again", closed);
        }
        return taken.size() == BATCHES;
    }

    private Verdict judge(
            LongOpenScans.LongOpen scan, Map<Lane, Map<TopicPartition, OffsetAndMetadata>> frontiers, Instant now) {
        if (now.isAfter(expiry(scan))) {
            return Verdict.EXPIRED;
        }
        var settledAt = scan.settledAt();
        if (settledAt != null) {
            return now.isBefore(settledAt.plus(properties.lostAfter())) ? Verdict.WAITING : Verdict.LOST;
        }
        var place = scan.place();
        var committed = place == null
                ? null
                : frontiers.getOrDefault(scan.lane(), Map.of()).get(place);
        return committed != null && committed.offset() > scan.offset() ? Verdict.SETTLED : Verdict.WAITING;
    }

    /// Past its expiry a job settles as expired, unless it has begun by then.
    private Instant expiry(LongOpenScans.LongOpen scan) {
        return scan.expiresAt()
                .plus(scan.lengthy() ? properties.slowBudget() : Duration.ZERO)
                .plus(EXPIRY_MARGIN);
    }

    /// The longer scans have waited, the less often they are looked at; in time for each that may have to be
    /// given up.
    private Instant nextLook(LongOpenScans.Batch batch, Instant now) {
        return batch.open().stream()
                .map(scan -> nextLook(scan, now))
                .min(Comparator.naturalOrder())
                .orElse(now);
    }

    private Instant nextLook(LongOpenScans.LongOpen scan, Instant now) {
        var half = Duration.between(scan.attemptedAt(), now).dividedBy(2);
        var wait = half.compareTo(properties.checkAfter()) < 0 ? properties.checkAfter() : half;
        var settledAt = scan.settledAt();
        return Stream.of(
                        now.plus(wait.compareTo(MAX_WAIT) < 0 ? wait : MAX_WAIT),
                        settledAt == null ? Instant.MAX : settledAt.plus(properties.lostAfter()),
                        expiry(scan).plusMillis(1))
                .filter(at -> at.isAfter(now))
                .min(Comparator.naturalOrder())
                .orElse(now.plus(TURN));
    }

    private static OpenScans.Closing close(
            LongOpenScans.LongOpen scan, ScanOutcome.Kind outcome, Instant now, String why) {
        return new OpenScans.Closing(
                scan.assetId(), scan.scanId(), scan.sequence(), outcome, scan.lane(), now, null, why, now, false);
    }
}
