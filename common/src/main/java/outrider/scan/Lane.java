package outrider.scan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// One way through the fleet: a topic, a consumer group and a budget.
public enum Lane {
    FAST,
    SLOW,
    INTERACTIVE;

    /// The name used on the wire, in topics and in URLs: `fast`, `slow`, `interactive`.
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The topic whose records this lane runs.
    public String topic() {
        return "scan-jobs." + id();
    }

    /// The topic where this lane's jobs wait for another attempt.
    public String retryTopic() {
        return topic() + ".retry";
    }

    /// The consumer group of this lane.
    public String group() {
        return "outrider." + id();
    }

    /// The lane of that name; an [IllegalArgumentException] lists the names there are.
    @JsonCreator
    public static Lane of(String id) {
        return Arrays.stream(values())
                .filter(lane -> lane.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("lane must be one of %s, not '%s'"
                        .formatted(Arrays.stream(values()).map(Lane::id).collect(Collectors.joining(", ")), id)));
    }
}
