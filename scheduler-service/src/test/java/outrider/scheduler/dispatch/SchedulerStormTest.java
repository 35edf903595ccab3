package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import outrider.embedded.TestDatabase;
import outrider.scan.AssetKind;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.ScanOutcome.Kind;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Transactions;
import outrider.scheduler.due.DueFloor;
import outrider.scheduler.due.DueScopes;
import outrider.scheduler.due.QueuedScan;
import outrider.scheduler.due.Scopes;

/// Everything that changes a scope, against each other over the same ones: claims, publications, starts, moves,
/// ends, orders, the sweeper, changes of plans, deletions. Whatever was told of a scan is what is known of it in
/// the end.
class SchedulerStormTest {

    /// So many are told of at once: of few, there is seldom a second that another has changed meanwhile.
    private static final int BATCH = 100;
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final TestScheduler scheduler = TestScheduler.byHand(
            TestDatabase.fresh(),
            "spring.datasource.hikari.connection-init-sql=set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off");
    private final ConcurrentLinkedQueue<ScanJob> open = new ConcurrentLinkedQueue<>();
    private final Map<UUID, Kind> told = new ConcurrentHashMap<>();
    private final Map<UUID, Boolean> claimed = new ConcurrentHashMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<UUID> accounts = new ArrayList<>();
    private volatile boolean ended;

    @AfterEach
    void stop() {
        scheduler.close();
    }

    @Test
    void in_a_short_storm_no_update_is_lost() {
        storm(Duration.ofSeconds(8), 40);
    }

    @Test
    @Tag("soak")
    void in_a_long_storm_no_update_is_lost() {
        storm(Duration.ofMinutes(5), 200);
    }

    private void storm(Duration time, int assets) {
        for (var i = 0; i < 6; i++) {
            accounts.add(scheduler.account(i % 2 == 0 ? "pro" : "free"));
            scheduler.assets(accounts.getLast(), assets, now());
        }
        scheduler
                .jdbc()
                .sql("update scheduler.pace set per_second = 1000000, allowance = 1000000")
                .update();
        var threads = List.of(
                run(1, this::claim),
                run(2, this::claim),
                run(3, this::tell),
                run(4, this::tell),
                run(5, this::tell),
                run(6, this::makeDue),
                run(7, this::order),
                run(8, this::sweep),
                run(9, this::replan),
                run(10, this::delete));
        await().atMost(time.plusSeconds(30)).until(() -> failure.get() != null || now().isAfter(started.plus(time)));
        ended = true;
        threads.forEach(SchedulerStormTest::join);
        assertThat(failure.get()).isNull();
        tellAll();
        assertKnown();
    }

    private final Instant started = Instant.now();

    private static Instant now() {
        return Instant.now();
    }

    private interface Work {
        void run(Random random);
    }

    private Thread run(long seed, Work work) {
        return Thread.ofPlatform().start(() -> {
            var random = new Random(seed);
            try {
                while (!ended && failure.get() == null) {
                    work.run(random);
                }
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void claim(Random random) {
        var transactions = scheduler.bean(Transactions.class);
        var now = now();
        var scans =
                transactions.execute(() -> scheduler.bean(DueScopes.class).claim(1 + random.nextInt(50), now, LEASE));
        for (var scan : scans) {
            assertThat(claimed.put(scan.job().scanId(), true))
                    .as("claimed twice")
                    .isNull();
        }
        scheduler.bean(JobPublisher.class).publish(scans);
        scans.stream().map(QueuedScan::job).forEach(open::add);
        if (scans.isEmpty()) {
            scheduler.bean(DueFloor.class).reset();
        }
    }

    private void tell(Random random) {
        if (open.size() < BATCH) {
            Thread.yield();
            return;
        }
        var jobs = new ArrayList<ScanJob>();
        for (var job = open.poll(); job != null && jobs.size() < BATCH; job = open.poll()) {
            jobs.add(job);
        }
        Collections.shuffle(jobs, random);
        var outcomes = new ArrayList<ScanOutcome>();
        for (var job : jobs) {
            if (random.nextInt(4) == 0) {
                outcomes.add(outcome(job, Kind.STARTED));
            }
            if (random.nextInt(4) == 0) {
                outcomes.add(outcome(job, Kind.MOVED));
                open.add(job);
            } else {
                var kind = random.nextInt(5) == 0 ? Kind.EXPIRED : Kind.REPORTED;
                told.merge(job.scanId(), kind, SchedulerStormTest::stronger);
                outcomes.add(outcome(job, kind));
            }
        }
        accept(outcomes);
    }

    private static Kind stronger(Kind one, Kind other) {
        return one == Kind.REPORTED ? one : other;
    }

    private void tellAll() {
        var outcomes = new ArrayList<ScanOutcome>();
        for (var job = open.poll(); job != null; job = open.poll()) {
            told.merge(job.scanId(), Kind.REPORTED, SchedulerStormTest::stronger);
            outcomes.add(outcome(job, Kind.REPORTED));
        }
        accept(outcomes);
    }

    private void accept(List<ScanOutcome> outcomes) {
        scheduler
                .bean(OutcomeInbox.class)
                .accept(outcomes.stream()
                        .map(outcome -> new ConsumerRecord<>(Topics.OUTCOMES, 0, 0, "key", Wire.write(outcome)))
                        .toList());
    }

    private static ScanOutcome outcome(ScanJob job, Kind kind) {
        var place = kind == Kind.MOVED ? new ScanOutcome.Place(Lane.SLOW, Lane.SLOW.topic(), 0, Long.MAX_VALUE) : null;
        return new ScanOutcome(
                job.scanId(),
                job.sequence(),
                job.accountId(),
                job.assetId(),
                job.checker(),
                Lane.FAST,
                1,
                kind,
                5,
                now(),
                null,
                place,
                null);
    }

    /// Holds them a while, so that others wait.
    private void makeDue(Random random) {
        var account = accounts.get(random.nextInt(accounts.size()));
        scheduler.bean(Transactions.class).run(() -> {
            scheduler
                    .jdbc()
                    .sql(
                            "select from scheduler.scope where account_id = :account order by asset_id, checker for no key update")
                    .param("account", account)
                    .query(rows -> {});
            scheduler
                    .jdbc()
                    .sql(
                            "update scheduler.scope set next_due = :now where account_id = :account and next_due < 'infinity'")
                    .param("now", Sql.at(now()))
                    .param("account", account)
                    .update();
            scheduler.jdbc().sql("select pg_sleep(0.03)").query(rows -> {});
        });
    }

    private void order(Random random) {
        var account = accounts.get(random.nextInt(4));
        scheduler.http().post("/v1/scans", "{'account_id':'%s','checkers':['alpha','omega']}".formatted(account));
        // Their jobs are read where they lie, as a checker does.
        scheduler
                .jdbc()
                .sql("""
                    select s.scan_id, s.sequence, s.account_id, s.asset_id, s.checker
                      from scheduler.standing s where s.scan_lane = 'interactive' and s.account_id = :account
                    """)
                .param("account", account)
                .query((row, number) -> new ScanJob(
                        row.getObject("scan_id", UUID.class),
                        row.getLong("sequence"),
                        row.getObject("account_id", UUID.class),
                        row.getObject("asset_id", UUID.class),
                        AssetKind.ZONE,
                        "a.example",
                        List.of(),
                        row.getString("checker"),
                        now()))
                .list()
                .stream()
                .filter(job -> !told.containsKey(job.scanId()))
                .forEach(open::add);
    }

    /// With every lease long lapsed, so that it looks at all batches each time.
    private void sweep(Random random) {
        scheduler.clock().set(now());
        scheduler.jdbc().sql("""
                update scheduler.batch set lease_until = '-infinity'
                 where batch in (select batch from scheduler.batch where published for update skip locked)
                """).update();
        scheduler.bean(LostScanSweeper.class).sweep();
    }

    private void replan(Random random) {
        var account = accounts.get(random.nextInt(4));
        scheduler
                .http()
                .patch("/v1/accounts/" + account, random.nextBoolean() ? "{'plan':'enterprise'}" : "{'plan':'free'}");
        while (scheduler
                .bean(Transactions.class)
                .execute(() -> scheduler.bean(Scopes.class).followPlan())) {}
    }

    /// Of the last two accounts assets go and others come.
    private void delete(Random random) {
        var account = accounts.get(4 + random.nextInt(2));
        var some = scheduler
                .jdbc()
                .sql("select id from scheduler.asset where account_id = :account order by random() limit 1")
                .param("account", account)
                .query(UUID.class)
                .optional();
        some.ifPresent(asset -> assertThat(
                        scheduler.http().delete("/v1/assets/" + asset).status())
                .isEqualTo(204));
        scheduler
                .http()
                .post(
                        "/v1/accounts/%s/assets".formatted(account),
                        "{'kind':'zone','name':'n%d.example'}".formatted(random.nextInt(1_000_000)));
    }

    private void assertKnown() {
        assertThat(
                        number(
                                "select count(*) from scheduler.scope s where scan_id is not null and not exists (select from scheduler.open_scan o where (o.batch, o.ordinal) = (s.batch, s.ordinal))"))
                .as("open scans without their row")
                .isZero();
        assertThat(
                        number(
                                "select count(*) from scheduler.open_scan o where not exists (select from scheduler.scope s where (o.batch, o.ordinal) = (s.batch, s.ordinal))"))
                .as("rows of scans that are not open")
                .isZero();
        var still = scheduler
                .jdbc()
                .sql("select scan_id from scheduler.scope where scan_id is not null")
                .query(UUID.class)
                .list();
        assertThat(still).as("scans whose end was told and that are open").noneMatch(told::containsKey);
        var last = scheduler
                .jdbc()
                .sql("select last_scan_id, last_outcome from scheduler.scope where last_outcome <> 'dead'")
                .query((row, number) ->
                        Map.entry(row.getObject("last_scan_id", UUID.class), row.getString("last_outcome")))
                .list();
        assertThat(last).isNotEmpty().allSatisfy(one -> {
            var kind = told.get(one.getKey());
            assertThat(one.getValue())
                    .isEqualTo(
                            kind == null
                                            || kind == Kind.EXPIRED
                                                    && one.getValue().equals("superseded")
                                    ? "superseded"
                                    : kind.id());
        });
        assertThat(number("""
                        select count(*) from scheduler.account c
                         where scopes <> (select count(*) from scheduler.scope s where s.account_id = c.id and s.next_due < 'infinity')
                        """)).as("accounts whose scopes are counted wrongly").isZero();
    }

    private long number(String sql) {
        return scheduler.jdbc().sql(sql).query(Long.class).single();
    }
}
