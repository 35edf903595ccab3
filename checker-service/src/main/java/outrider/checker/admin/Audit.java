package outrider.checker.admin;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import outrider.scan.AuditRecord;
import outrider.scan.Ids;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.web.Caller;
import outrider.web.ProblemException;

/// Notes what operators order here, for good and before it is done. The insights API keeps it.
@Component
public final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final KafkaTemplate<String, byte[]> kafka;
    private final String service;
    private final Replica replica;
    private final Clock clock;

    Audit(
            KafkaTemplate<String, byte[]> kafka,
            @Value("${spring.application.name}") String service,
            Replica replica,
            Clock clock) {
        this.kafka = kafka;
        this.service = service;
        this.replica = replica;
        this.clock = clock;
    }

    /// Returns when the brokers have it; else ends the request with a problem, and the order must not be carried out.
    public void ordered(String action, String target, @Nullable Map<String, Object> before, Map<String, Object> after)
            throws InterruptedException {
        var record = new AuditRecord(
                Ids.next(clock),
                clock.instant(),
                service,
                replica.name(),
                Caller.current().subject(),
                action,
                target,
                before,
                after);
        try {
            kafka.send(Topics.AUDIT, target, Wire.write(record)).get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | KafkaException | TimeoutException e) {
            LOG.warn("{} of {} is refused: the brokers do not take its audit record", action, target, e);
            throw ProblemException.unavailable(
                    Duration.ofSeconds(5), "Kafka does not take the audit record now, so nothing has changed.");
        }
    }
}
