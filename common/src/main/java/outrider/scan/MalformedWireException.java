package outrider.scan;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;

/// What was received is no valid wire record and will never be; its message names the field and is fit for the sender.
public final class MalformedWireException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;
    private static final int MAX_REASON = 300;

    private final String field;
    private final String reason;

    public MalformedWireException(JacksonException cause) {
        this(fieldOf(cause), reasonOf(cause), cause);
    }

    /// What is wrong lies not in a field but in the whole.
    MalformedWireException(String reason) {
        this("", reason, null);
    }

    private MalformedWireException(String field, String reason, @Nullable JacksonException cause) {
        super(field.isEmpty() ? reason : field + ": " + reason, cause);
        this.field = field;
        this.reason = reason;
    }

    /// The path of the field that is wrong, dotted; empty where the whole is.
    public String field() {
        return field;
    }

    /// What is wrong with it.
    public String reason() {
        return reason;
    }

    /// Whether it was JSON at all, of a kind that was not wanted.
    public boolean isJson() {
        return isJson(getCause());
    }

    /// What breaks off inside a field is reported as that field's fault, with the true cause behind it.
    private static boolean isJson(@Nullable Throwable cause) {
        return cause == null || !(cause instanceof StreamReadException) && isJson(cause.getCause());
    }

    private static String fieldOf(JacksonException e) {
        return e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
    }

    private static String reasonOf(JacksonException e) {
        var refused = e.getCause() instanceof IllegalArgumentException cause ? cause.getMessage() : null;
        var reason = String.valueOf(refused != null ? refused : e.getOriginalMessage());
        var bounded = reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON) + "…";
        return isJson(e) ? bounded : "not valid JSON: " + bounded;
    }
}
