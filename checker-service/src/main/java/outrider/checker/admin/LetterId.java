package outrider.checker.admin;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Names a dead letter by its address in the dead-letter topic; as text `partition-offset`.
record LetterId(int partition, long offset) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

    static LetterId of(ConsumerRecord<?, ?> letter) {
        return new LetterId(letter.partition(), letter.offset());
    }

    /// Empty when the text is no such name.
    static Optional<LetterId> parse(String text) {
        var match = TEXT.matcher(text);
        return match.matches()
                ? Optional.of(new LetterId(Integer.parseInt(match.group(1)), Long.parseLong(match.group(2))))
                : Optional.empty();
    }

    @Override
    @JsonValue
    public String toString() {
        return partition + "-" + offset;
    }
}
