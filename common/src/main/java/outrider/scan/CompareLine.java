package outrider.scan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.UUID;

/// One line of the answer of `POST /v1/reports:compare`: which insights the report must bring with their
/// bodies. Without the end line it was cut off.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CompareLine.Needed.class, name = "needed"),
    @JsonSubTypes.Type(value = CompareLine.End.class, name = "end")
})
public sealed interface CompareLine {

    /// The insight with that key is new, changed or not open.
    record Needed(UUID key) implements CompareLine {}

    /// How many are needed.
    record End(long needed) implements CompareLine {}
}
