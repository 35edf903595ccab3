package outrider.scan;

import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;

/// What was received is no valid wire record and will never be; its message names the field and is fit for the sender.
public final class MalformedWireException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MalformedWireException(JacksonException cause) {
        super(describe(cause), cause);
    }

    private static String describe(JacksonException e) {
        var field = e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
        var reason = e.getCause() instanceof IllegalArgumentException refused
                ? refused.getMessage()
                : e.getOriginalMessage();
        var subject = field.isEmpty() ? "" : field + ": ";
        return (e instanceof DatabindException ? subject : "not valid JSON: ") + reason;
    }
}
