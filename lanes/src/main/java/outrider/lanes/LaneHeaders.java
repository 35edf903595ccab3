package outrider.lanes;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/// The record headers that the runtime reads and writes. Values are UTF-8 text; one that cannot be read counts as
/// absent.
public final class LaneHeaders {

    /// The lane that must run the job.
    public static final String LANE = "lane";

    /// Which attempt this is, from 1.
    public static final String ATTEMPT = "attempt";

    /// Not to be run before this instant (RFC 3339); honoured on a retry topic.
    public static final String NOT_BEFORE = "not-before";

    /// How long the job may run once admitted (ISO 8601 duration); shortens the lane's hard budget, never lengthens it.
    public static final String BUDGET = "budget";

    /// Past this instant (RFC 3339) the job is settled as expired instead of run.
    public static final String EXPIRES_AT = "expires-at";

    /// The lane that handed the job on; there at most once in a job's life.
    public static final String HANDED_OFF_BY = "handed-off-by";

    /// On a dead letter: why, in words.
    public static final String DEAD_REASON = "dead-reason";

    /// On a dead letter: the class and message of what was thrown, if anything was.
    public static final String DEAD_EXCEPTION = "dead-exception";

    /// On a dead letter: where the record was read: topic, partition, offset.
    public static final String DEAD_TOPIC = "dead-topic";

    public static final String DEAD_PARTITION = "dead-partition";

    public static final String DEAD_OFFSET = "dead-offset";

    /// On a dead letter: how many attempts were made, by which lane, and when it was given up (RFC 3339).
    public static final String DEAD_ATTEMPTS = "dead-attempts";

    public static final String DEAD_LANE = "dead-lane";

    public static final String DEAD_AT = "dead-at";

    private LaneHeaders() {}

    static Optional<String> text(ConsumerRecord<?, ?> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    static Optional<Instant> instant(ConsumerRecord<?, ?> record, String name) {
        return parsed(record, name, Instant::parse);
    }

    static Optional<Duration> duration(ConsumerRecord<?, ?> record, String name) {
        return parsed(record, name, Duration::parse);
    }

    static int attempt(ConsumerRecord<?, ?> record) {
        return Math.max(1, parsed(record, ATTEMPT, Integer::valueOf).orElse(1));
    }

    static void put(Headers headers, String name, Object value) {
        headers.remove(name).add(name, value.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static <T> Optional<T> parsed(ConsumerRecord<?, ?> record, String name, Function<String, T> parser) {
        return text(record, name).flatMap(text -> {
            try {
                return Optional.of(parser.apply(text));
            } catch (DateTimeException | NumberFormatException e) {
                return Optional.empty();
            }
        });
    }
}
