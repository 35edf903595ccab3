package outrider.insight;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// The stable name of a check, `<area>.<name>`: `tls.cert-expiry`.
public record CheckId(@JsonValue String value) implements Comparable<CheckId> {

    private static final Pattern GRAMMAR = Pattern.compile("[a-z][a-z0-9-]{0,30}\\.[a-z][a-z0-9-]{0,60}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public CheckId {
        if (!GRAMMAR.matcher(value).matches()) {
            throw new IllegalArgumentException("a check id looks like tls.cert-expiry");
        }
    }

    @Override
    public int compareTo(CheckId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
