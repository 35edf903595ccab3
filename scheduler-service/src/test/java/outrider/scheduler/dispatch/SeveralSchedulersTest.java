package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import outrider.embedded.TestDatabase;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.Wire;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Topic;

class SeveralSchedulersTest {

    private static final String[] FAST = {
        "outrider.schedule.batch=50", "outrider.schedule.burst=100000", "outrider.schedule.max-per-second=100000"
    };

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
            var jobs = Stream.of(Lane.FAST, Lane.SLOW)
                    .flatMap(lane -> Topic.read(lane.topic()).stream())
                    .map(record -> Wire.read(record.value(), ScanJob.class))
                    .filter(job -> job.accountId().equals(account))
                    .toList();
            var keys = new HashSet<String>();
            jobs.forEach(job -> keys.add(job.assetId() + job.checker()));
            assertThat(jobs).hasSize(scopes);
            assertThat(keys).hasSize(scopes);
        }
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
