package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.EmbeddedBroker;
import outrider.embedded.TestDatabase;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scheduler.BrokerAwayException;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Topic;
import outrider.scheduler.due.DueScopes;
import outrider.scheduler.due.Pace;
import outrider.scheduler.due.ScheduleProperties;
import outrider.web.Loop;

/// The broker goes away for minutes, and the clock steps, while scans are due all the time. The minutes are the
/// test's; broker and database are real.
class OutageTest {

    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final int ASSETS = 600;
    private static final int SCOPES = ASSETS * TestScheduler.checkers();
    /// More than two seconds of the highest rate, which may always go at once.
    private static final int BURST = 40;

    // The broker's own threads may still write while the directory is deleted.
    @TempDir(cleanup = CleanupMode.NEVER)
    private Path data;

    private EmbeddedBroker broker;
    private TestScheduler scheduler;
    private UUID account;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(data, 0);
        scheduler = TestScheduler.byHand(
                TestDatabase.fresh(),
                "spring.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "spring.kafka.producer.properties.delivery.timeout.ms=1000",
                "spring.kafka.producer.properties.request.timeout.ms=900",
                "spring.kafka.producer.properties.max.block.ms=1000",
                "outrider.schedule.burst=" + BURST,
                "outrider.schedule.catch-up.within=30s",
                "outrider.schedule.catch-up.at-least=0");
        account = scheduler.account("pro");
        scheduler.assets(account, ASSETS, now());
        scheduler
                .jdbc()
                .sql("update scheduler.plan set every = :seconds * interval '1 second' where plan = 'pro'")
                .param("seconds", INTERVAL.toSeconds())
                .update();
        scheduler.jdbc().sql("""
                update scheduler.scope s
                   set next_due = scheduler.next_due(a.place, :now, p.every, p.anchor)
                  from scheduler.asset a, scheduler.plan p
                 where a.id = s.asset_id and p.plan = 'pro'
                """).param("now", Sql.at(now())).update();
    }

    @AfterEach
    void stop() {
        scheduler.close();
        broker.close();
    }

    @Test
    void a_broker_away_for_minutes_is_not_pressed_and_what_was_missed_is_caught_up_within_the_bound() throws Exception {
        go(Duration.ofMinutes(1));
        var before = open();
        broker.close();

        var rounds = roundsWithoutBroker(Duration.ofMinutes(4));

        assertThat(rounds).isLessThan(4 * 60 / 15 + 6);
        assertThat(open() - before).isLessThanOrEqualTo(BURST + 15L * TestScheduler.checkers());
        broker = EmbeddedBroker.start(data, broker.port());
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(this::leads);
        go(INTERVAL);

        var jobs = jobs();
        assertThat(jobs.stream().map(ScanJob::scanId).distinct()).hasSize(SCOPES);
        assertThat(jobs.stream().map(job -> job.assetId() + job.checker()).distinct())
                .hasSize(SCOPES);
        assertNoBurst(jobs);
    }

    @Test
    void a_clock_that_steps_forward_brings_no_burst_and_loses_nothing() {
        goOn(Duration.ofMinutes(1));
        var step = now().plus(Duration.ofHours(2));
        scheduler.clock().set(step);

        goOn(INTERVAL);

        var since =
                jobs().stream().filter(job -> !job.scheduledAt().isBefore(step)).toList();
        assertThat(since.stream().map(job -> job.assetId() + job.checker()).distinct())
                .hasSize(SCOPES);
        assertThat(since.stream().filter(job -> job.scheduledAt().equals(step))).hasSizeLessThanOrEqualTo(BURST);
        assertNoBurst(since);
    }

    @Test
    void after_a_clock_has_stepped_back_nothing_waits_longer_than_that_and_its_interval() {
        var back = Duration.ofMinutes(8);
        goOn(INTERVAL);
        var step = now().minus(back);
        var known = jobs().size();
        scheduler.clock().set(step);
        var late = scheduler.asset(account, "new.example", step);

        goOn(Duration.ofMinutes(1));
        assertThat(jobs().stream().filter(job -> job.assetId().equals(late))).hasSize(TestScheduler.checkers());
        goOn(back.plus(INTERVAL));

        // The broker keeps each partition in its order, not the topics; what is new is known by its sequence.
        var jobs = jobs();
        assertThat(jobs.size() - known).isGreaterThanOrEqualTo(SCOPES);
        assertThat(jobs.stream().map(ScanJob::scanId)).doesNotHaveDuplicates();
        assertThat(jobs.stream()
                        .collect(Collectors.groupingBy(job -> job.assetId() + job.checker()))
                        .values())
                .allSatisfy(
                        some -> assertThat(some.stream().map(ScanJob::sequence).sorted())
                                .hasSizeGreaterThanOrEqualTo(2)
                                .last()
                                .isEqualTo((long) some.size()));
    }

    @Test
    void what_a_dead_replica_had_claimed_before_the_clock_went_back_is_published() {
        goOn(Duration.ofMinutes(1));
        scheduler
                .jdbc()
                .sql(
                        "update scheduler.scope set next_due = :now where asset_id = (select min(id::text)::uuid from scheduler.asset)")
                .param("now", Sql.at(now()))
                .update();
        var claimed = scheduler.bean(DueScopes.class).claim(1, now(), Duration.ofSeconds(30));

        scheduler.clock().set(now().minus(Duration.ofHours(2)));
        scheduler.bean(LostScanSweeper.class).sweep();
        scheduler.bean(ScanTicker.class).tick();

        assertThat(jobs()).contains(claimed.getFirst().job());
    }

    /// Makes the rounds that the loop would make, and answers how many.
    private int roundsWithoutBroker(Duration outage) {
        var loop = new Loop("ticker", scheduler.bean(ScheduleProperties.class).tick(), () -> false);
        var end = now().plus(outage);
        var rounds = 0;
        while (now().isBefore(end)) {
            scheduler.bean(Pace.class).recomputeIfStale(now());
            assertThatThrownBy(scheduler.bean(ScanTicker.class)::tick).isInstanceOf(BrokerAwayException.class);
            scheduler.clock().advance(loop.pauseAfter(++rounds));
        }
        return rounds;
    }

    private void go(Duration time) {
        for (var end = now().plus(time); now().isBefore(end); scheduler.clock().advance(STEP)) {
            scheduler.bean(Pace.class).recomputeIfStale(now());
            while (scheduler.bean(ScanTicker.class).tick()) {}
        }
    }

    /// Each scan ends as soon as it is published.
    private void goOn(Duration time) {
        for (var end = now().plus(time); now().isBefore(end); ) {
            go(STEP);
            scheduler.forgetOpen(true);
        }
    }

    private boolean leads() throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin
                    .describeTopics(List.of(Lane.FAST.topic(), Lane.SLOW.topic()))
                    .allTopicNames()
                    .get()
                    .values()
                    .stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.leader() != null);
        }
    }

    /// Three times what the plans ask for and a fifth, as stated, and what may go at once.
    private static void assertNoBurst(List<ScanJob> jobs) {
        var perSecond = 3 * 1.2 * SCOPES / INTERVAL.toSeconds();
        var perMinute = jobs.stream()
                .map(ScanJob::scanId)
                .distinct()
                .collect(Collectors.groupingBy(OutageTest::minute, Collectors.counting()));
        assertThat(perMinute.values())
                .allSatisfy(scans -> assertThat((double) scans).isLessThanOrEqualTo(60 * perSecond + BURST));
    }

    /// A scan's id begins with when it was opened.
    private static Instant minute(UUID scan) {
        return Instant.ofEpochMilli(scan.getMostSignificantBits() >>> 16).truncatedTo(ChronoUnit.MINUTES);
    }

    private List<ScanJob> jobs() {
        return Topic.jobs(broker, account);
    }

    private long open() {
        return scheduler
                .jdbc()
                .sql("select count(*) from scheduler.scope where scan_id is not null")
                .query(Long.class)
                .single();
    }

    private Instant now() {
        return scheduler.clock().instant();
    }
}
