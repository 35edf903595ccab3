package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import outrider.scan.Lane;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;

class LostScanSweeperTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final LostScanSweeper sweeper = scheduler.bean(LostScanSweeper.class);
    private final OpenScans scans = scheduler.bean(OpenScans.class);
    private Open scan;

    private record Open(UUID id, TopicPartition place, long offset) {}

    @BeforeEach
    void publishOne() {
        var now = scheduler.clock().instant();
        scheduler.asset(scheduler.account("pro"), "a.example", now);
        scheduler.bean(ScanTicker.class).tick();
        postpone();
        scan = published();
    }

    /// Wherever its phase is, its regular time does not come while a test looks.
    private void postpone() {
        scheduler
                .jdbc()
                .sql("update scheduler.scope set next_due = :later")
                .param("later", Sql.at(scheduler.clock().instant().plus(Duration.ofDays(5))))
                .update();
    }

    private Open published() {
        return scheduler
                .jdbc()
                .sql(
                        "select scan_id, topic, partition, published_offset from scheduler.standing where checker = 'alpha'")
                .query((row, number) -> new Open(
                        row.getObject("scan_id", UUID.class),
                        new TopicPartition(row.getString("topic"), row.getInt("partition")),
                        row.getLong("published_offset")))
                .single();
    }

    @Test
    void waits_as_long_as_the_lane_has_not_settled_the_job() throws Exception {
        commit(scan.offset());

        sweepAfter(Duration.ofHours(1));
        sweepAfter(Duration.ofHours(20));

        assertThat(state()).isEqualTo("queued");
    }

    @Test
    void gives_up_a_scan_long_after_its_lane_has_settled_it() throws Exception {
        commit(scan.offset() + 1);

        sweepAfter(Duration.ofMinutes(10));
        assertThat(state()).isEqualTo("queued");
        sweepAfter(Duration.ofHours(6));

        assertThat(state()).isEqualTo("dead");
        assertThat(scans.find(scan.id()).orElseThrow().why()).contains("no outcome");
        assertThat(nextDue()).isEqualTo(scheduler.clock().instant());
    }

    @Test
    void a_scope_whose_scans_are_lost_again_and_again_is_due_later_each_time() throws Exception {
        for (var waits : new int[] {0, 1, 3, 7}) {
            postpone();
            commit(scan.offset() + 1);
            sweepAfter(Duration.ofMinutes(10));
            sweepAfter(Duration.ofHours(6));
            assertThat(nextDue()).isEqualTo(scheduler.clock().instant().plus(Duration.ofMinutes(waits)));

            scheduler.clock().advance(Duration.ofMinutes(waits));
            scheduler.bean(ScanTicker.class).tick();
            scan = published();
        }
    }

    @Test
    void closes_a_scan_that_is_too_old_to_be_run() {
        sweepAfter(Duration.ofDays(3));
        assertThat(state()).isEqualTo("queued");

        sweepAfter(Duration.ofHours(2));
        assertThat(state()).isEqualTo("expired");
    }

    @Test
    void leaves_young_scans_alone() throws Exception {
        commit(scan.offset() + 1);

        assertThat(sweeper.sweep()).isFalse();
        scheduler.clock().advance(Duration.ofMinutes(9));
        sweeper.sweep();

        assertThat(scheduler
                        .jdbc()
                        .sql("select count(*) from scheduler.standing where settled_at is not null")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void a_lane_that_never_ran_has_no_frontier() {
        assertThat(scheduler.bean(LaneFrontier.class).of(List.of(Lane.INTERACTIVE)))
                .containsExactlyEntriesOf(Map.of(Lane.INTERACTIVE, Map.of()));
    }

    private void sweepAfter(Duration wait) {
        scheduler.clock().advance(wait);
        sweeper.sweep();
    }

    private String state() {
        return scans.find(scan.id()).orElseThrow().state();
    }

    private Instant nextDue() {
        return scheduler
                .jdbc()
                .sql("select next_due from scheduler.standing where checker = 'alpha'")
                .query((row, number) -> Sql.instant(row, "next_due"))
                .single();
    }

    private void commit(long offset) throws Exception {
        scheduler
                .bean(Admin.class)
                .alterConsumerGroupOffsets(Lane.FAST.group(), Map.of(scan.place(), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }
}
