package outrider.scan;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an operator ordered of a service without a database. The value of a record in `outrider-audit`; its key is
/// the target.
///
/// It is written before the order is carried out: an order may be recorded and then fail, never the other way round.
/// Idempotent by id: it may arrive more than once.
///
/// @param id a UUIDv7
/// @param replica which of the service's replicas took the order
/// @param actor the subject of the token
/// @param action what was done: `lane.change`, `dead-letters.replay`
/// @param target to what: `lane/fast`
/// @param before what held until then; null: nothing, or it does not apply
/// @param after what was ordered
public record AuditRecord(
        UUID id,
        Instant at,
        String service,
        String replica,
        String actor,
        String action,
        String target,
        @Nullable Map<String, Object> before,
        @Nullable Map<String, Object> after) {

    public AuditRecord {
        if (Stream.of(service, replica, actor, action, target).anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("service, replica, actor, action and target must not be blank");
        }
        before = copy(before);
        after = copy(after);
    }

    private static @Nullable Map<String, Object> copy(@Nullable Map<String, Object> map) {
        return map == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
