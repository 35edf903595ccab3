package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scan.JobHeaders;
import outrider.scan.Lane;
import outrider.scheduler.NoKafka;
import outrider.scheduler.RecordSender;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Topic;
import outrider.scheduler.due.Checkers;

class ScanDeskTest {

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final TestScheduler scheduler = TestScheduler.byHand();

    @Test
    void an_order_survives_that_kafka_is_away() {
        var now = scheduler.clock().instant();
        var asset = scheduler.asset(scheduler.account("pro"), "a.example", now.plusSeconds(3_600));
        try (var kafka = new NoKafka()) {
            assertThat(desk(kafka.sender()).order(List.of(asset), Set.of("alpha"), null))
                    .hasSize(1);
        }
        assertThat(published(asset.toString())).isEmpty();

        scheduler.bean(ScanTicker.class).tick();

        assertThat(published(asset.toString())).hasSize(1);
    }

    @Test
    void hands_the_trace_of_the_request_on() {
        var asset = scheduler.asset(
                scheduler.account("pro"), "a.example", scheduler.clock().instant());

        scheduler.bean(ScanDesk.class).order(List.of(asset), Set.of("alpha"), TRACE);

        assertThat(published(asset.toString())).containsExactly(TRACE);
    }

    private List<String> published(String asset) {
        return Topic.read(Lane.INTERACTIVE.topic()).stream()
                .filter(record -> record.key().equals(asset))
                .map(record -> String.valueOf(Topic.header(record.headers(), JobHeaders.TRACEPARENT)))
                .toList();
    }

    private ScanDesk desk(RecordSender kafka) {
        var properties = scheduler.bean(DispatchProperties.class);
        var publisher = new JobPublisher(
                kafka,
                scheduler.bean(Publications.class),
                scheduler.bean(Checkers.class),
                properties,
                scheduler.bean(DispatchMetrics.class),
                scheduler.clock());
        return new ScanDesk(
                scheduler.bean(OnDemandScans.class),
                scheduler.bean(OpenScans.class),
                publisher,
                scheduler.bean(TransactionTemplate.class),
                properties,
                scheduler.clock());
    }
}
