package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import outrider.scan.AssetKind;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.ScanOutcome.Kind;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.scheduler.Http;
import outrider.scheduler.Meanwhile;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.due.DueScopes;
import outrider.scheduler.due.QueuedScan;

/// Another transaction changes the same rows while a statement waits for them, and no update is lost by it.
class LostUpdateTest {

    private static final int ASSETS = 20;
    private static final String TOUCH = "update scheduler.scope set losses = losses";

    private final TestScheduler scheduler = TestScheduler.asWithMillions();
    private final OutcomeInbox inbox = scheduler.bean(OutcomeInbox.class);
    private final Instant now = scheduler.clock().instant();
    private final UUID account = scheduler.account("pro");

    @BeforeEach
    void add() {
        scheduler.assets(account, ASSETS, now);
    }

    @Test
    void every_report_closes_its_scan() {
        var jobs = published();

        Meanwhile.changes(scheduler, TOUCH, () -> tell(jobs, Kind.REPORTED, null));

        assertThat(number("select count(*) from scheduler.scope where last_outcome = 'reported'"))
                .isEqualTo(jobs.size());
        assertThat(number("select count(*) from scheduler.open_scan")).isZero();
    }

    @Test
    void every_scan_that_was_given_up_is_reported_after_all() {
        var jobs = published();
        tell(jobs, Kind.DEAD, null);

        Meanwhile.changes(scheduler, TOUCH, () -> tell(jobs, Kind.REPORTED, null));

        assertThat(number("select count(*) from scheduler.scope where last_outcome = 'reported'"))
                .isEqualTo(jobs.size());
    }

    @Test
    void every_scan_on_demand_is_known_to_run() {
        order();
        var jobs = scheduler
                .jdbc()
                .sql(
                        "select scan_id, sequence, account_id, asset_id, checker from scheduler.standing where scan_id is not null")
                .query((row, number) -> new ScanJob(
                        row.getObject("scan_id", UUID.class),
                        row.getLong("sequence"),
                        row.getObject("account_id", UUID.class),
                        row.getObject("asset_id", UUID.class),
                        AssetKind.ZONE,
                        "a.example",
                        List.of(),
                        row.getString("checker"),
                        now))
                .list();

        Meanwhile.changes(scheduler, TOUCH, () -> tell(jobs, Kind.STARTED, null));

        assertThat(number("select count(*) from scheduler.standing where scan_state = 'running'"))
                .isEqualTo(ASSETS);
    }

    @Test
    void every_scan_that_moved_is_known_to_have() {
        var jobs = published();
        var place = new ScanOutcome.Place(Lane.SLOW, Lane.SLOW.topic(), 1, 7);

        Meanwhile.changes(scheduler, TOUCH, () -> tell(jobs, Kind.MOVED, place));

        assertThat(number("select count(*) from scheduler.standing where scan_lane = 'slow' and published_offset = 7"))
                .isEqualTo(jobs.size());
    }

    @Test
    void every_scan_whose_lane_is_done_with_it_is_known_to_be_and_is_given_up_in_the_end() throws Exception {
        var jobs = published();
        settleAll();
        scheduler.clock().advance(Duration.ofMinutes(10));

        Meanwhile.changes(
                scheduler, TOUCH, () -> scheduler.bean(LostScanSweeper.class).sweep());
        assertThat(number("select count(*) from scheduler.open_scan where settled_at is not null"))
                .isEqualTo(jobs.size());

        scheduler.clock().advance(Duration.ofHours(6));
        Meanwhile.changes(
                scheduler, TOUCH, () -> scheduler.bean(LostScanSweeper.class).sweep());
        assertThat(number("select count(*) from scheduler.scope where last_outcome = 'dead'"))
                .isEqualTo(jobs.size());
    }

    @Test
    void every_routine_scan_gives_way_to_one_on_demand() {
        published();

        Meanwhile.changes(scheduler, TOUCH, this::order);

        assertThat(number("select count(*) from scheduler.standing where scan_lane = 'interactive'"))
                .isEqualTo(ASSETS);
    }

    @Test
    void what_another_holds_is_claimed_later() {
        var due = scheduler.bean(DueScopes.class);

        Meanwhile.changes(
                scheduler,
                TOUCH,
                () -> assertThat(due.claim(10_000, now, Duration.ofSeconds(30))).isEmpty());

        scheduler.clock().advance(Duration.ofSeconds(15));
        assertThat(due.claim(10_000, scheduler.clock().instant(), Duration.ofSeconds(30)))
                .hasSize(ASSETS * TestScheduler.checkers());
    }

    @Test
    void an_account_is_deleted_while_it_is_scanned() {
        published();
        var http = scheduler.http();
        var answers = new HashMap<String, Http.Answer>();

        Meanwhile.changes(scheduler, TOUCH, () -> answers.put("delete", http.delete("/v1/accounts/" + account)));

        assertThat(answers.get("delete").status()).isEqualTo(204);
        assertThat(number("select count(*) from scheduler.scope")).isZero();
        assertThat(number("select count(*) from scheduler.open_scan")).isZero();
        assertThat(number("select count(*) from scheduler.asset")).isZero();
    }

    private void order() {
        var answer = scheduler.http().post("/v1/scans", "{'account_id':'%s','checkers':['alpha']}".formatted(account));
        assertThat(answer.status()).isEqualTo(202);
    }

    private List<ScanJob> published() {
        var claimed = scheduler.bean(DueScopes.class).claim(10_000, now, Duration.ofSeconds(30));
        assertThat(claimed).hasSize(ASSETS * TestScheduler.checkers());
        scheduler.bean(JobPublisher.class).publish(claimed);
        return claimed.stream().map(QueuedScan::job).toList();
    }

    private void settleAll() throws Exception {
        for (var lane : List.of(Lane.FAST, Lane.SLOW)) {
            var all = new HashMap<TopicPartition, OffsetAndMetadata>();
            for (var partition = 0; partition < 5; partition++) {
                all.put(new TopicPartition(lane.topic(), partition), new OffsetAndMetadata(1_000_000));
            }
            scheduler
                    .bean(Admin.class)
                    .alterConsumerGroupOffsets(lane.group(), all)
                    .all()
                    .get();
        }
    }

    private void tell(List<ScanJob> jobs, Kind kind, ScanOutcome.Place place) {
        inbox.accept(jobs.stream()
                .map(job -> new ScanOutcome(
                        job.scanId(),
                        job.sequence(),
                        job.accountId(),
                        job.assetId(),
                        job.checker(),
                        Lane.FAST,
                        1,
                        kind,
                        250,
                        now,
                        null,
                        place,
                        null))
                .map(outcome -> new ConsumerRecord<>(Topics.OUTCOMES, 0, 0, "key", Wire.write(outcome)))
                .toList());
    }

    private long number(String sql) {
        return scheduler.jdbc().sql(sql).query(Long.class).single();
    }
}
