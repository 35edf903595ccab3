package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.ScanOutcome.Kind;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.due.DueScopes;

class OutcomeInboxTest {

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final OutcomeInbox inbox = scheduler.bean(OutcomeInbox.class);
    private final OpenScans scans = scheduler.bean(OpenScans.class);
    private Instant now;
    private ScanJob job;

    @BeforeEach
    void openOne() {
        now = scheduler.clock().instant();
        scheduler.asset(scheduler.account("pro"), "a.example", now);
        job = claim(now);
    }

    @Test
    void a_report_closes_its_scan_and_keeps_how_long_it_took() {
        tell(outcome(job, Kind.REPORTED, 250, null));

        var scan = scan(job);
        assertThat(scan.state()).isEqualTo("reported");
        assertThat(scan.durationMillis()).isEqualTo(250);
        assertThat(scan.finishedAt()).isEqualTo(now);
        assertThat(column("reported_millis")).isEqualTo("250");
        assertThat(column("scan_id")).isNull();
    }

    @Test
    void a_scan_runs_once_it_has_started() {
        tell(outcome(job, Kind.STARTED, 0, null));

        assertThat(scan(job).state()).isEqualTo("running");
        assertThat(scan(job).startedAt()).isEqualTo(now);
    }

    @Test
    void the_same_outcome_twice_changes_nothing() {
        tell(outcome(job, Kind.REPORTED, 250, null));
        var before = everything();

        scheduler.clock().advance(Duration.ofHours(1));
        tell(outcome(job, Kind.REPORTED, 250, null), outcome(job, Kind.STARTED, 0, null));

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void a_whole_life_in_one_batch_ends_closed() {
        tell(
                outcome(job, Kind.STARTED, 0, null),
                outcome(job, Kind.DEAD, 9, "crashed"),
                outcome(job, Kind.REPORTED, 250, null));

        assertThat(scan(job).state()).isEqualTo("reported");
    }

    @Test
    void an_expired_scan_makes_its_scope_due_again() {
        tell(outcome(job, Kind.EXPIRED, 0, "too old"));

        assertThat(claim(now).sequence()).isEqualTo(job.sequence() + 1);
    }

    @Test
    void an_outcome_of_an_older_scan_leaves_the_open_one_alone() {
        tell(outcome(job, Kind.EXPIRED, 0, "too old"));
        var next = claim(now.plus(Duration.ofDays(9)));

        tell(outcome(job, Kind.DEAD, 0, "late"));

        assertThat(scan(next).state()).isEqualTo("queued");
        assertThat(scan(job).state()).isEqualTo("expired");
    }

    @Test
    void an_outcome_with_another_sequence_is_not_believed() {
        var forged = new ScanJob(
                job.scanId(), 9, job.accountId(), job.assetId(), job.kind(), job.name(), List.of(), job.checker(), now);

        tell(outcome(forged, Kind.REPORTED, 1, null));

        assertThat(scan(job).state()).isEqualTo("queued");
    }

    @Test
    void a_scan_that_was_given_up_is_reported_after_all() {
        tell(outcome(job, Kind.DEAD, 0, "crashed"));
        tell(outcome(job, Kind.REPORTED, 250, null));

        assertThat(scan(job).state()).isEqualTo("reported");
        assertThat(scan(job).why()).isNull();
    }

    @Test
    void skips_what_nobody_can_read_and_takes_the_rest() {
        var good = Wire.write(outcome(job, Kind.REPORTED, 250, null));
        var nul = new String(good, StandardCharsets.UTF_8).replace(job.checker(), "a\\u0000b");

        inbox.accept(Stream.of("{", "null", "{\"scan_id\":7}", nul, new String(good, StandardCharsets.UTF_8))
                .map(text -> record(text.getBytes(StandardCharsets.UTF_8)))
                .toList());
        inbox.accept(List.of(record(null)));

        assertThat(scan(job).state()).isEqualTo("reported");
    }

    @Test
    void counts_every_record_once() {
        var before = counted();

        tell(outcome(job, Kind.STARTED, 0, null), outcome(job, Kind.REPORTED, 250, null));
        inbox.accept(List.of(record(new byte[0]), record(null)));

        assertThat(counted() - before).isEqualTo(4);
    }

    @Test
    void bounds_what_a_checker_says() {
        var wild = new ScanOutcome(
                job.scanId(),
                job.sequence(),
                job.accountId(),
                job.assetId(),
                job.checker(),
                Lane.FAST,
                1,
                Kind.DEAD,
                -5,
                Instant.MAX,
                "\0" + "x".repeat(9_000));

        tell(wild);

        assertThat(scan(job).finishedAt()).isEqualTo(now);
        assertThat(scan(job).why()).hasSize(512);
        assertThat(scan(job).durationMillis()).isZero();
    }

    @Test
    void a_duration_that_no_scan_can_have_stops_nothing() {
        tell(outcome(job, Kind.REPORTED, Long.MAX_VALUE, null));

        assertThat(scan(job).state()).isEqualTo("reported");
        assertThat(scan(job).durationMillis()).isEqualTo(Duration.ofDays(7).toMillis());
    }

    @Test
    void an_outcome_of_an_unknown_scan_with_such_a_duration_stops_nothing() {
        var unknown = new ScanJob(
                UUID.randomUUID(),
                1,
                job.accountId(),
                job.assetId(),
                job.kind(),
                job.name(),
                List.of(),
                job.checker(),
                now);

        tell(outcome(unknown, Kind.REPORTED, Long.MAX_VALUE, null), outcome(job, Kind.REPORTED, 250, null));

        assertThat(scan(job).state()).isEqualTo("reported");
    }

    @Test
    void an_outcome_that_can_never_be_stored_is_skipped_counted_and_holds_no_neighbour() {
        scheduler.assets(scheduler.account("free"), 40, now);
        var jobs = claimAll();
        var bad = jobs.get(17);
        scheduler.jdbc().sql("""
                create function refuse_one() returns trigger language plpgsql as
                $$ begin raise exception using errcode = '22003', message = 'refused'; end $$
                """).update();
        scheduler.jdbc().sql("""
                create trigger refuse_one before update on scheduler.scope for each row
                when (new.last_scan_id = '%s') execute function refuse_one()
                """.formatted(bad.scanId())).update();
        var refused = refused();
        try {
            tell(jobs.stream()
                    .map(one -> outcome(one, Kind.REPORTED, 250, null))
                    .toArray(ScanOutcome[]::new));
        } finally {
            scheduler.jdbc().sql("drop function refuse_one cascade").update();
        }

        assertThat(jobs.stream().filter(one -> scan(one).state().equals("reported")))
                .hasSize(jobs.size() - 1);
        assertThat(scan(bad).state()).isEqualTo("queued");
        assertThat(refused() - refused).isEqualTo(1);
    }

    @Test
    void a_database_that_is_away_makes_the_whole_batch_wait() {
        try {
            scheduler.jdbc().sql("""
                    create function scheduler.away() returns trigger language plpgsql as
                    $$ begin raise exception using errcode = '57P03', message = 'starting up'; end $$
                    """).update();
            scheduler
                    .jdbc()
                    .sql(
                            "create trigger away before update on scheduler.scope for each statement execute function scheduler.away()")
                    .update();

            assertThatThrownBy(() -> tell(outcome(job, Kind.REPORTED, 250, null)))
                    .isInstanceOfAny(DataAccessException.class, TransactionException.class);
        } finally {
            scheduler
                    .jdbc()
                    .sql("drop function if exists scheduler.away cascade")
                    .update();
        }
        tell(outcome(job, Kind.REPORTED, 250, null));
        assertThat(scan(job).state()).isEqualTo("reported");
    }

    @Test
    void a_scan_that_saw_nothing_teaches_nothing_of_how_long_one_takes() {
        tell(outcome(job, Kind.REPORTED, 250, null));
        var next = claim(now.plus(Duration.ofDays(9)));

        tell(new ScanOutcome(
                next.scanId(),
                next.sequence(),
                next.accountId(),
                next.assetId(),
                next.checker(),
                Lane.FAST,
                1,
                Kind.REPORTED,
                60_000,
                now,
                null,
                null,
                true));

        assertThat(scan(next).durationMillis()).isEqualTo(60_000);
        assertThat(column("usual_millis")).isEqualTo("250");
    }

    @Test
    void a_scan_that_moved_is_looked_for_where_it_lies_and_an_earlier_move_changes_nothing() {
        tell(moved(2, new ScanOutcome.Place(Lane.SLOW, "scan-jobs.slow", 3, 41)));
        tell(moved(1, new ScanOutcome.Place(Lane.FAST, "scan-jobs.fast.retry", 0, 5)));

        assertThat(column("scan_lane")).isEqualTo("slow");
        assertThat(column("topic")).isEqualTo("scan-jobs.slow");
        assertThat(column("partition")).isEqualTo("3");
        assertThat(column("published_offset")).isEqualTo("41");
        assertThat(scan(job).state()).isEqualTo("queued");
    }

    @Test
    void a_place_that_is_none_in_kafka_is_not_believed() {
        tell(moved(1, new ScanOutcome.Place(Lane.SLOW, "x".repeat(300), 3, 41)));
        tell(moved(1, new ScanOutcome.Place(Lane.SLOW, "scan-jobs.slow", -1, 41)));

        assertThat(column("scan_lane")).isEqualTo("fast");
    }

    private ScanOutcome moved(int attempt, ScanOutcome.Place place) {
        return new ScanOutcome(
                job.scanId(),
                job.sequence(),
                job.accountId(),
                job.assetId(),
                job.checker(),
                Lane.FAST,
                attempt,
                Kind.MOVED,
                0,
                now,
                null,
                place,
                null);
    }

    private double refused() {
        return scheduler
                .bean(MeterRegistry.class)
                .counter("outrider.dispatch.outcomes", "kind", "refused", "lane", "none")
                .count();
    }

    private List<ScanJob> claimAll() {
        return scheduler.bean(DueScopes.class).claim(1_000, now, Duration.ofSeconds(30)).stream()
                .map(scan -> scan.job())
                .toList();
    }

    private double counted() {
        return scheduler.bean(MeterRegistry.class).find("outrider.dispatch.outcomes").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private ScanJob claim(Instant at) {
        return scheduler.bean(DueScopes.class).claim(100, at, Duration.ofSeconds(30)).stream()
                .map(scan -> scan.job())
                .filter(one -> one.checker().equals("alpha"))
                .findFirst()
                .orElseThrow();
    }

    private OpenScans.Scan scan(ScanJob of) {
        return scans.find(of.scanId()).orElseThrow();
    }

    private void tell(ScanOutcome... outcomes) {
        inbox.accept(
                Stream.of(outcomes).map(outcome -> record(Wire.write(outcome))).toList());
    }

    private static ConsumerRecord<String, byte[]> record(byte[] value) {
        return new ConsumerRecord<>(Topics.OUTCOMES, 0, 0, "key", value);
    }

    private ScanOutcome outcome(ScanJob of, Kind kind, long millis, String why) {
        return new ScanOutcome(
                of.scanId(),
                of.sequence(),
                of.accountId(),
                of.assetId(),
                of.checker(),
                Lane.FAST,
                1,
                kind,
                millis,
                now,
                why);
    }

    private String column(String name) {
        return scheduler
                .jdbc()
                .sql("select %s::text as it from scheduler.standing where checker = 'alpha'".formatted(name))
                .query((row, number) -> row.getString("it"))
                .list()
                .getFirst();
    }

    private List<String> everything() {
        return scheduler
                .jdbc()
                .sql("select s::text as it from scheduler.standing s order by asset_id, checker")
                .query((row, number) -> row.getString("it"))
                .list();
    }
}
