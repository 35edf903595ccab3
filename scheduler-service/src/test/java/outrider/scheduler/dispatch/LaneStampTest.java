package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import outrider.scan.Lane;
import outrider.scan.ScanOutcome;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.scheduler.Sql;
import outrider.scheduler.Topic;
import outrider.scheduler.due.DueScopes;
import outrider.scheduler.due.QueuedScan;

class LaneStampTest extends OneDueAsset {

    @Test
    void a_fast_checker_is_stamped_fast_and_a_slow_one_slow() {
        assertThat(claim("alpha").lane()).isEqualTo(Lane.FAST);
        assertThat(claim("omega").lane()).isEqualTo(Lane.SLOW);
    }

    @Test
    void a_zone_with_very_many_records_is_stamped_slow() {
        scheduler.jdbc().sql("update scheduler.asset set records = 5001").update();

        assertThat(claim("alpha").lane()).isEqualTo(Lane.SLOW);
    }

    @Test
    void a_scope_that_took_long_is_stamped_slow_with_the_budget_for_that() {
        report(claim("alpha"), Duration.ofSeconds(45));
        due();

        scheduler.bean(ScanTicker.class).tick();

        assertThat(Topic.read(Lane.SLOW.topic()).stream()
                        .filter(record -> record.key().equals(asset.toString())
                                && new String(record.value()).contains("\"alpha\"")))
                .singleElement()
                .satisfies(record ->
                        assertThat(Topic.header(record.headers(), "budget")).isEqualTo("PT4H"));
    }

    @Test
    void a_scope_comes_back_to_the_fast_lane_after_some_quick_scans() {
        report(claim("alpha"), Duration.ofSeconds(60));
        for (var quick = 0; quick < 2; quick++) {
            due();
            var scan = claim("alpha");
            assertThat(scan.lane()).isEqualTo(Lane.SLOW);
            report(scan, Duration.ofSeconds(1));
        }
        due();

        assertThat(claim("alpha").lane()).isEqualTo(Lane.FAST);
    }

    private QueuedScan claim(String checker) {
        var others = scheduler
                .jdbc()
                .sql(
                        "update scheduler.scope set next_due = :later where checker <> (select number from scheduler.checker where checker = :checker)");
        others.param("later", Sql.at(now.plus(Duration.ofDays(1))))
                .param("checker", checker)
                .update();
        scheduler
                .jdbc()
                .sql(
                        "update scheduler.scope set next_due = :now where checker = (select number from scheduler.checker where checker = :checker)")
                .param("now", Sql.at(now))
                .param("checker", checker)
                .update();
        return scheduler
                .bean(DueScopes.class)
                .claim(100, now, Duration.ofSeconds(30))
                .getFirst();
    }

    private void due() {
        scheduler
                .jdbc()
                .sql(
                        "update scheduler.scope set next_due = :now where checker = (select number from scheduler.checker where checker = 'alpha')")
                .param("now", Sql.at(now))
                .update();
    }

    private void report(QueuedScan scan, Duration took) {
        var job = scan.job();
        var outcome = new ScanOutcome(
                job.scanId(),
                job.sequence(),
                job.accountId(),
                job.assetId(),
                job.checker(),
                scan.lane(),
                1,
                ScanOutcome.Kind.REPORTED,
                took.toMillis(),
                now,
                null);
        scheduler
                .bean(OutcomeInbox.class)
                .accept(List.of(new ConsumerRecord<>(
                        Topics.OUTCOMES, 0, 0, job.assetId().toString(), Wire.write(outcome))));
    }
}
