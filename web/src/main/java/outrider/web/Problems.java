package outrider.web;

import io.opentelemetry.api.trace.Span;
import java.net.URI;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/// Builds problem documents, so that all of a service's errors look alike.
final class Problems {

    private Problems() {}

    static ProblemDetail of(HttpStatus status, String type, String detail) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("urn:outrider:problem:" + type));
        var trace = Span.current().getSpanContext();
        if (trace.isValid()) {
            problem.setProperty("trace_id", trace.getTraceId());
        }
        return problem;
    }

    static ProblemDetail of(HttpStatus status, String type, String detail, List<ProblemException.FieldError> errors) {
        var problem = of(status, type, detail);
        if (!errors.isEmpty()) {
            problem.setProperty("errors", errors);
        }
        return problem;
    }
}
