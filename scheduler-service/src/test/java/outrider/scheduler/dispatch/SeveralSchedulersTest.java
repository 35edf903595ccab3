package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import outrider.embedded.TestBroker;
import outrider.embedded.TestDatabase;
import outrider.scan.ScanJob;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Topic;

class SeveralSchedulersTest {

    private static final String[] FAST = {
        "outrider.schedule.batch=50", "outrider.schedule.burst=100000", "outrider.schedule.max-per-second=100000"
    };

    private static final String[] RESTARTED = {
        "outrider.schedule.tick=50ms", "outrider.schedule.burst=100000", "outrider.schedule.max-per-second=100000"
    };
    private static final int SECONDS = 35;

    @Test
    void four_schedulers_over_10000_due_scopes_publish_each_once() throws Exception {
        var database = TestDatabase.fresh();
        try (var one = TestScheduler.byHand(database, FAST);
                var two = TestScheduler.byHand(database, FAST);
                var three = TestScheduler.byHand(database, FAST);
                var four = TestScheduler.byHand(database, FAST);
                var threads = Executors.newFixedThreadPool(4)) {
            var account = one.account("pro");
            var scopes = one.assets(
                                    account,
                                    Math.ceilDiv(10_000, TestScheduler.checkers()),
                                    one.clock().instant())
                            .size()
                    * TestScheduler.checkers();

            var rounds = threads.invokeAll(Stream.of(one, two, three, four)
                    .map(SeveralSchedulersTest::tickToTheEnd)
                    .toList());

            assertThat(rounds).allSatisfy(round -> assertThat(round.resultNow()).isGreaterThan(1));
            assertThat(scopesOf(Topic.jobs(TestBroker.shared(), account)))
                    .hasSize(scopes)
                    .doesNotHaveDuplicates();
        }
    }

    /// The clock of all goes on by a second once all that is due by then is in Kafka, without waiting for a claim
    /// that has to lapse.
    @Test
    void a_rolling_restart_holds_up_no_second_and_doubles_nothing() throws Exception {
        var database = TestDatabase.fresh();
        try (var observer = TestScheduler.byHand(database)) {
            var start = observer.clock().instant();
            var account = observer.account("pro");
            var scopes = observer.assets(account, SECONDS * 2, start).size() * TestScheduler.checkers();
            observer.jdbc().sql("""
                    update scheduler.scope s
                       set next_due = s.next_due + (t.turn / 2) * interval '1 second'
                      from (select id, row_number() over (order by place) as turn from scheduler.asset) t
                     where t.id = s.asset_id
                    """).update();
            observer.jdbc()
                    .sql("update scheduler.pace set allowance = 100000, refilled_at = :now")
                    .param("now", Sql.at(start))
                    .update();
            var running = new CopyOnWriteArrayList<TestScheduler>();
            for (var i = 0; i < 3; i++) {
                running.add(TestScheduler.onClock(observer.clock(), database, RESTARTED));
            }
            var restart = CompletableFuture.<Void>completedFuture(null);
            for (var second = 0; second <= SECONDS; second++) {
                observer.clock().set(start.plusSeconds(second));
                if (second % 10 == 5) {
                    restart.join();
                    restart = CompletableFuture.runAsync(() -> restartOldest(running, database, observer));
                }
                await().atMost(Duration.ofSeconds(40)).until(() -> waiting(observer) == 0);
            }
            restart.join();
            running.forEach(TestScheduler::close);

            assertThat(scopesOf(Topic.jobs(TestBroker.shared(), account)))
                    .hasSize(scopes)
                    .doesNotHaveDuplicates();
        }
    }

    private static void restartOldest(List<TestScheduler> running, String database, TestScheduler observer) {
        running.removeFirst().close();
        running.add(TestScheduler.onClock(observer.clock(), database, RESTARTED));
    }

    /// How many scopes are due and not claimed, or claimed and not published.
    private static long waiting(TestScheduler observer) {
        return observer.jdbc()
                .sql("""
                        select count(*)
                          from scheduler.standing
                         where (scan_id is null and next_due <= :now)
                            or (scan_id is not null and published_offset is null)
                        """)
                .param("now", Sql.at(observer.clock().instant()))
                .query(Long.class)
                .single();
    }

    private static List<String> scopesOf(List<ScanJob> jobs) {
        return jobs.stream().map(job -> job.assetId() + job.checker()).toList();
    }

    private static Callable<Integer> tickToTheEnd(TestScheduler scheduler) {
        return () -> {
            var ticker = scheduler.bean(ScanTicker.class);
            var rounds = 1;
            while (ticker.tick()) {
                rounds++;
            }
            return rounds;
        };
    }
}
