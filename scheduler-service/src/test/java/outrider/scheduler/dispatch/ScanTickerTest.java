package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.Wire;
import outrider.scheduler.BrokerAwayException;
import outrider.scheduler.NoKafka;
import outrider.scheduler.RecordSender;
import outrider.scheduler.Sql;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Topic;
import outrider.scheduler.Transactions;
import outrider.scheduler.due.DueScopes;
import outrider.scheduler.due.Pace;
import outrider.scheduler.due.QueuedScan;
import outrider.scheduler.due.ScheduleProperties;
import outrider.trace.Traces;

class ScanTickerTest extends OneDueAsset {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private final ScanTicker ticker = scheduler.bean(ScanTicker.class);
    private final DueScopes due = scheduler.bean(DueScopes.class);

    @Test
    void publishes_what_is_due_to_the_lane_of_its_checker() {
        ticker.tick();

        var record = jobs().stream()
                .filter(job -> job.topic().equals("scan-jobs.fast")
                        && job(job).checker().equals("alpha"))
                .findFirst()
                .orElseThrow();
        assertThat(record.key()).isEqualTo(asset.toString());
        assertThat(job(record).name()).isEqualTo("a.example");
        assertThat(job(record).sequence()).isEqualTo(1);
        assertThat(job(record).scheduledAt()).isEqualTo(now);
        assertThat(record.headers())
                .extracting(header -> header.key() + "=" + Topic.header(record.headers(), header.key()))
                .startsWith(
                        "lane=fast",
                        "account=" + account,
                        "attempt=1",
                        "budget=PT1M",
                        "expires-at=" + now.plus(Duration.ofDays(3)))
                .hasSize(6)
                .last(STRING)
                .matches("traceparent=00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]");
        assertThat(jobs()).hasSize(TestScheduler.checkers());
    }

    @Test
    void notes_where_each_job_lies() {
        ticker.tick();

        var places = jobs().stream()
                .map(job -> "%s-%d@%d".formatted(job.topic(), job.partition(), job.offset()))
                .toList();
        assertThat(scheduler
                        .jdbc()
                        .sql(
                                "select topic || '-' || partition || '@' || published_offset as place from scheduler.standing")
                        .query((row, number) -> row.getString("place"))
                        .list())
                .containsExactlyInAnyOrderElementsOf(places);
    }

    @Test
    void a_scan_claimed_by_a_replica_that_died_is_published_once_its_claim_has_lapsed() {
        var claimed = due.claim(100, now, LEASE);

        scheduler.clock().advance(LEASE.minusMillis(1));
        ticker.tick();
        assertThat(jobs()).isEmpty();

        scheduler.clock().advance(Duration.ofMillis(1));
        ticker.tick();
        assertThat(jobs())
                .extracting(ScanTickerTest::job)
                .containsExactlyInAnyOrderElementsOf(
                        claimed.stream().map(QueuedScan::job).toList());
    }

    @Test
    void a_scan_published_by_a_replica_that_died_before_it_could_say_so_keeps_id_and_sequence() {
        ticker.tick();
        scheduler
                .jdbc()
                .sql(
                        "update scheduler.batch set published = false, topic = null, partitions = null, offsets = null, lease_until = :then")
                .param("then", Sql.at(now.plus(LEASE)))
                .update();

        scheduler.clock().advance(LEASE);
        ticker.tick();

        assertThat(jobs()).hasSize(2 * TestScheduler.checkers());
        assertThat(jobs().stream().map(ScanTickerTest::job).distinct()).hasSize(TestScheduler.checkers());
    }

    @Test
    void claims_nothing_more_while_kafka_does_not_take_what_is_claimed() {
        scheduler.assets(scheduler.account("free"), 50, now.plusSeconds(1));
        try (var kafka = new NoKafka()) {
            var cutOff = ticker(kafka.sender());
            assertThatThrownBy(cutOff::tick).isInstanceOf(BrokerAwayException.class);
            scheduler.clock().advance(Duration.ofSeconds(2));
            assertThatThrownBy(cutOff::tick).isInstanceOf(BrokerAwayException.class);
        }
        assertThat(open()).isEqualTo(TestScheduler.checkers());

        ticker.tick();

        assertThat(jobs()).hasSize(TestScheduler.checkers());
        assertThat(open()).isGreaterThan(TestScheduler.checkers());
    }

    @Test
    void of_a_batch_that_kafka_took_in_part_only_the_rest_is_published_again() {
        var claimed = due.claim(100, now, LEASE);
        scheduler.bean(JobPublisher.class).publish(claimed);
        scheduler
                .jdbc()
                .sql(
                        "update scheduler.batch set published = false, offsets[1] = null, partitions[1] = null, lease_until = :now")
                .param("now", Sql.at(now))
                .update();
        var batches = claimed.stream().map(QueuedScan::batch).distinct().count();

        ticker.tick();

        assertThat(jobs()).hasSize((int) (TestScheduler.checkers() + batches));
        assertThat(scheduler
                        .jdbc()
                        .sql("select count(*) from scheduler.standing where published_offset is not null")
                        .query(Long.class)
                        .single())
                .isEqualTo(TestScheduler.checkers());
    }

    @Test
    void a_batch_whose_scans_have_all_ended_is_published_no_more() {
        due.claim(100, now, LEASE);
        scheduler
                .jdbc()
                .sql("update scheduler.scope set scan_id = null, batch = null, ordinal = null")
                .update();
        scheduler.jdbc().sql("truncate scheduler.open_scan").update();
        scheduler.clock().advance(LEASE);

        ticker.tick();

        assertThat(jobs()).isEmpty();
        assertThat(scheduler
                        .jdbc()
                        .sql("select count(*) from scheduler.batch where not published")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void keeps_to_the_rate() {
        scheduler.assets(scheduler.account("free"), 300, now);

        ticker.tick();
        assertThat(open()).isEqualTo(100);

        scheduler.clock().advance(Duration.ofSeconds(3));
        ticker.tick();
        assertThat(open()).isEqualTo(103);
    }

    @Test
    void stands_still_when_paused() {
        scheduler.bean(Pace.class).pause(true);
        ticker.tick();
        assertThat(open()).isZero();

        scheduler.bean(Pace.class).pause(false);
        ticker.tick();
        assertThat(open()).isEqualTo(TestScheduler.checkers());
    }

    private ScanTicker ticker(RecordSender kafka) {
        var metrics = scheduler.bean(DispatchMetrics.class);
        var publications = scheduler.bean(Publications.class);
        var properties = scheduler.bean(DispatchProperties.class);
        var publisher = new JobPublisher(
                kafka,
                publications,
                scheduler.bean(Transactions.class),
                scheduler.bean(LaneTopics.class),
                properties,
                metrics,
                scheduler.bean(Traces.class),
                scheduler.clock());
        return new ScanTicker(
                due,
                scheduler.bean(Pace.class),
                publications,
                publisher,
                scheduler.bean(Transactions.class),
                metrics,
                scheduler.clock(),
                scheduler.bean(ScheduleProperties.class),
                properties);
    }

    private int open() {
        return scheduler
                .jdbc()
                .sql("select count(*) from scheduler.standing where scan_id is not null")
                .query(Integer.class)
                .single();
    }

    private List<ConsumerRecord<String, byte[]>> jobs() {
        return Stream.of(Lane.FAST, Lane.SLOW)
                .flatMap(lane -> Topic.read(lane.topic()).stream())
                .filter(record -> record.key().equals(asset.toString()))
                .toList();
    }

    private static ScanJob job(ConsumerRecord<String, byte[]> record) {
        return Wire.read(record.value(), ScanJob.class);
    }
}
