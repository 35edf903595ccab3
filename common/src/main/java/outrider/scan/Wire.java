package outrider.scan;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/// The codec of everything that crosses a wire: `snake_case` JSON, RFC 3339 times, unknown fields ignored so that
/// releases can mix.
public final class Wire {

    /// The longest line of a report, in bytes.
    public static final int MAX_LINE = 64 * 1024;

    /// The HTTP header that says how long the caller waits for its answer (ISO 8601 duration), as
    /// [JobHeaders#BUDGET] says it of a job.
    public static final String BUDGET = "budget";

    /// The HTTP header by which a replica of the insights API asks its callers to go elsewhere: its primary is
    /// `far`, or `lost`. One that is near does not send it.
    public static final String PRIMARY = "primary";

    /// The mapper, for streaming; immutable and safe to share.
    public static final JsonMapper JSON = configure(JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxStringLength(MAX_LINE)
                            .build())
                    .build()))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Wire() {}

    /// Gives another mapper the same spelling and the same rule for nulls.
    public static JsonMapper.Builder configure(JsonMapper.Builder builder) {
        return builder.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .annotationIntrospector(new NullInTheType());
    }

    /// One value as UTF-8 JSON on one line, without a line end.
    public static byte[] write(Object value) {
        return JSON.writeValueAsBytes(value);
    }

    /// Reads one value; a [MalformedWireException] says in words fit for the sender what is wrong.
    public static <T> T read(byte[] json, Class<T> type) {
        @Nullable T value;
        try {
            value = JSON.readValue(json, type);
        } catch (JacksonException e) {
            throw new MalformedWireException(e);
        }
        if (value == null) {
            throw new MalformedWireException("null where an object is needed");
        }
        return value;
    }

    /// The text of a header value.
    public static byte[] header(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }
}
