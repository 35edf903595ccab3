package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import outrider.scan.Lane;
import outrider.scan.ScanOutcome;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.due.DueScopes;
import outrider.scheduler.due.Pace;
import outrider.scheduler.due.QueuedScan;

/// Scans that were handed from the fast lane to the slow one: whoever asks how they stand asks the slow lane.
class MovedScanTest {

    private static final int ASSETS = 100;

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final Instant now = scheduler.clock().instant();
    private final List<QueuedScan> handedOff = new ArrayList<>();

    @BeforeEach
    void handOff() {
        scheduler.assets(scheduler.account("free"), ASSETS, now);
        var claimed = scheduler.bean(DueScopes.class).claim(10_000, now, Duration.ofSeconds(30));
        scheduler.bean(JobPublisher.class).publish(claimed);
        claimed.stream().filter(scan -> scan.job().checker().equals("alpha")).forEach(handedOff::add);
        scheduler
                .bean(OutcomeInbox.class)
                .accept(claimed.stream()
                        .map(scan -> scan.job().checker().equals("alpha")
                                ? outcome(
                                        scan,
                                        ScanOutcome.Kind.MOVED,
                                        new ScanOutcome.Place(Lane.SLOW, Lane.SLOW.topic(), 2, 1_000))
                                : outcome(scan, ScanOutcome.Kind.REPORTED, null))
                        .map(outcome -> new ConsumerRecord<>(Topics.OUTCOMES, 0, 0, "key", Wire.write(outcome)))
                        .toList());
    }

    @Test
    void they_do_not_slow_the_rate_down_however_long_the_slow_lane_takes() {
        scheduler.bean(Pace.class).recount(now.plus(Duration.ofHours(3)));

        assertThat(scheduler
                        .jdbc()
                        .sql("select lane_age from scheduler.pace")
                        .query(Double.class)
                        .single())
                .isZero();
    }

    @Test
    void they_are_not_published_again_while_the_slow_lane_has_not_settled_them() throws Exception {
        commit(Lane.FAST, new TopicPartition(Lane.FAST.topic(), 0), 1_000_000);
        commit(Lane.SLOW, new TopicPartition(Lane.SLOW.topic(), 2), 1_000);

        sweepAfter(Duration.ofMinutes(10));
        sweepAfter(Duration.ofHours(7));

        assertThat(number("select count(*) from scheduler.standing where scan_lane = 'slow' and settled_at is null"))
                .isEqualTo(ASSETS);
    }

    @Test
    void one_that_the_slow_lane_settled_without_a_word_is_given_up() throws Exception {
        commit(Lane.SLOW, new TopicPartition(Lane.SLOW.topic(), 2), 1_001);

        sweepAfter(Duration.ofMinutes(10));
        sweepAfter(Duration.ofHours(6));

        assertThat(number("select count(*) from scheduler.scope where last_outcome = 'dead' and last_lane = 'slow'"))
                .isEqualTo(ASSETS);
        assertThat(number("select count(*) from scheduler.batch")).isZero();
    }

    private void sweepAfter(Duration time) {
        scheduler.clock().advance(time);
        while (scheduler.bean(LostScanSweeper.class).sweep()) {}
    }

    private void commit(Lane lane, TopicPartition partition, long offset) throws Exception {
        scheduler
                .bean(Admin.class)
                .alterConsumerGroupOffsets(lane.group(), Map.of(partition, new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private ScanOutcome outcome(QueuedScan scan, ScanOutcome.Kind kind, ScanOutcome.Place place) {
        var job = scan.job();
        return new ScanOutcome(
                job.scanId(),
                job.sequence(),
                job.accountId(),
                job.assetId(),
                job.checker(),
                scan.lane(),
                1,
                kind,
                100,
                now,
                null,
                place,
                null);
    }

    private long number(String sql) {
        return scheduler.jdbc().sql(sql).query(Long.class).single();
    }
}
