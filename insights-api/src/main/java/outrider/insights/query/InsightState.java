package outrider.insights.query;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// The scanner's side of an insight's state; people's side is its triage.
enum InsightState {
    /// Found once by a check that is not sure; a second scan has to agree.
    SUSPECTED,
    OPEN,
    RESOLVED;

    /// The state of that name, in any case; an [IllegalArgumentException] otherwise.
    static InsightState of(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT));
    }

    @JsonValue
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
