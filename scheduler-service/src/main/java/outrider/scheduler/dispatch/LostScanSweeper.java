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

/// Looks after published scans of which nothing was heard for long. A scan is given up only when its lane has
/// settled its job long ago, or when the job is too old to be run: a lane that is slow or paused is no reason to
/// scan again.
@Component
final class LostScanSweeper {

    private static final Logger LOG = LoggerFactory.getLogger(LostScanSweeper.class);
    private static final String NO_OUTCOME = "its lane was done with it long ago, and no outcome has come";
    private static final String NOT_RUN = "it was not run before it expired";
    private static final int BATCH = 1_000;
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration TURN = Duration.ofMinutes(1);
    /// Past its expiry a job settles as expired; its outcome gets this long to arrive.
    private static final Duration EXPIRY_MARGIN = Duration.ofMinutes(10);

    private final LongOpenScans longOpen;
    private final OpenScans scans;
    private final LaneFrontier frontier;
    private final DispatchProperties properties;
    private final DispatchMetrics metrics;
    private final Clock clock;

    LostScanSweeper(
            LongOpenScans longOpen,
            OpenScans scans,
            LaneFrontier frontier,
            DispatchProperties properties,
            DispatchMetrics metrics,
            Clock clock) {
        this.longOpen = longOpen;
        this.scans = scans;
        this.frontier = frontier;
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
        var taken = longOpen.take(BATCH, now, now.plus(TURN));
        if (taken.isEmpty()) {
            return false;
        }
        var frontiers =
                frontier.of(taken.stream().map(LongOpenScans.LongOpen::lane).collect(Collectors.toSet()));
        var extensions = new ArrayList<LongOpenScans.Extension>();
        var closings = new ArrayList<OpenScans.Closing>();
        for (var scan : taken) {
            var verdict = judge(scan, frontiers, now);
            metrics.swept(verdict).increment();
            switch (verdict) {
                case WAITING -> extensions.add(new LongOpenScans.Extension(scan, now.plus(patience(scan, now)), null));
                case SETTLED ->
                    extensions.add(new LongOpenScans.Extension(scan, now.plus(properties.lostAfter()), now));
                case LOST -> closings.add(close(scan, ScanOutcome.Kind.DEAD, now, NO_OUTCOME));
                case EXPIRED -> closings.add(close(scan, ScanOutcome.Kind.EXPIRED, now, NOT_RUN));
            }
        }
        longOpen.extend(extensions);
        var closed = scans.close(closings);
        if (closed > 0) {
            LOG.warn("Gave up {} scans that never ended; their scopes are due again", closed);
        }
        return taken.size() == BATCH;
    }

    private static Verdict judge(
            LongOpenScans.LongOpen scan, Map<Lane, Map<TopicPartition, OffsetAndMetadata>> frontiers, Instant now) {
        if (now.isAfter(scan.expiresAt().plus(EXPIRY_MARGIN))) {
            return Verdict.EXPIRED;
        }
        if (scan.settledAt() != null) {
            return Verdict.LOST;
        }
        var committed = frontiers.getOrDefault(scan.lane(), Map.of()).get(scan.place());
        return committed != null && committed.offset() > scan.offset() ? Verdict.SETTLED : Verdict.WAITING;
    }

    /// The longer a scan has waited, the less often it is looked after.
    private Duration patience(LongOpenScans.LongOpen scan, Instant now) {
        var half = Duration.between(scan.attemptedAt(), now).dividedBy(2);
        return Stream.of(half, properties.checkAfter())
                .max(Comparator.naturalOrder())
                .filter(wait -> wait.compareTo(LONGEST_WAIT) < 0)
                .orElse(LONGEST_WAIT);
    }

    private static OpenScans.Closing close(
            LongOpenScans.LongOpen scan, ScanOutcome.Kind outcome, Instant now, String why) {
        return new OpenScans.Closing(
                scan.assetId(), scan.checker(), scan.scanId(), scan.sequence(), outcome, null, now, null, why, now);
    }
}
