package outrider.scheduler;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scan.AuditRecord;
import outrider.scan.Ids;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.web.Caller;

/// Notes what is ordered here, in the transaction that does it: both happen or neither. The insights API keeps it.
@Component
public final class Audit {

    private static final String ADD = """
            insert into scheduler.outbox (key, value, topic) values (:key, :value, :topic)
            """;

    private final JdbcClient jdbc;
    private final Clock clock;
    private final String service;
    private final String replica;

    Audit(
            JdbcClient jdbc,
            Clock clock,
            @Value("${spring.application.name}") String service,
            @Value("${outrider.replica.name:${HOSTNAME:localhost}}") String replica) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.service = service;
        this.replica = replica;
    }

    /// What the caller of this request ordered.
    public void ordered(
            String action, String target, @Nullable Map<String, Object> before, @Nullable Map<String, Object> after) {
        note(Caller.current().subject(), action, target, before, after);
    }

    /// What the service did by itself.
    public void done(String action, String target, Map<String, Object> before, Map<String, Object> after) {
        note(service, action, target, before, after);
    }

    private void note(
            String actor,
            String action,
            String target,
            @Nullable Map<String, Object> before,
            @Nullable Map<String, Object> after) {
        var record = new AuditRecord(
                Ids.next(clock), clock.instant(), service, replica, actor, action, target, before, after);
        jdbc.sql(ADD)
                .param("key", target)
                .param("value", new String(Wire.write(record), StandardCharsets.UTF_8))
                .param("topic", Topics.AUDIT)
                .update();
    }
}
