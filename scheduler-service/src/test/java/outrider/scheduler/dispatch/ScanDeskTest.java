package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import outrider.scan.Lane;
import outrider.scheduler.Audit;
import outrider.scheduler.NoKafka;
import outrider.scheduler.RecordSender;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Topic;
import outrider.scheduler.Transactions;
import outrider.trace.Traces;

class ScanDeskTest {

    private final TestScheduler scheduler = TestScheduler.byHand();

    @Test
    void an_order_survives_that_kafka_is_away() {
        var now = scheduler.clock().instant();
        var asset = scheduler.asset(scheduler.account("pro"), "a.example", now.plusSeconds(3_600));
        signIn();
        try (var kafka = new NoKafka()) {
            assertThat(desk(kafka.sender()).order(asset, Set.of("alpha"), null)).hasSize(1);
        }
        assertThat(published(asset.toString())).isEmpty();

        scheduler.bean(ScanTicker.class).tick();

        assertThat(published(asset.toString())).hasSize(1);
    }

    @AfterEach
    void signOut() {
        SecurityContextHolder.clearContext();
    }

    private static void signIn() {
        var token = Jwt.withTokenValue("token")
                .header("alg", "none")
                .subject("tester")
                .build();
        SecurityContextHolder.getContext().setAuthentication(new JwtAuthenticationToken(token));
    }

    private List<String> published(String asset) {
        return Topic.read(Lane.INTERACTIVE.topic()).stream()
                .filter(record -> record.key().equals(asset))
                .map(ConsumerRecord::key)
                .toList();
    }

    private ScanDesk desk(RecordSender kafka) {
        var properties = scheduler.bean(DispatchProperties.class);
        var publisher = new JobPublisher(
                kafka,
                scheduler.bean(Publications.class),
                scheduler.bean(Transactions.class),
                scheduler.bean(LaneTopics.class),
                properties,
                scheduler.bean(DispatchMetrics.class),
                scheduler.bean(Traces.class),
                scheduler.clock());
        return new ScanDesk(
                scheduler.bean(OnDemandScans.class),
                scheduler.bean(OpenScans.class),
                scheduler.bean(OnDemandQuota.class),
                publisher,
                scheduler.bean(Audit.class),
                scheduler.bean(Transactions.class),
                properties,
                scheduler.clock());
    }
}
