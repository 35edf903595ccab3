package outrider.web;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// Ends a request with a problem document (RFC 9457). Its texts are meant for the caller.
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String type;
    private final transient List<FieldError> errors;
    private final @Nullable Duration retryAfter;

    private ProblemException(
            HttpStatus status, String type, String detail, List<FieldError> errors, @Nullable Duration retryAfter) {
        super(detail);
        this.status = status;
        this.type = type;
        this.errors = List.copyOf(errors);
        this.retryAfter = retryAfter;
    }

    /// What is wrong with one field, or one line, of the request.
    public record FieldError(String field, String message) {}

    /// Any problem; the type is a short stable word such as `not-found`.
    public static ProblemException of(HttpStatus status, String type, String detail) {
        return new ProblemException(status, type, detail, List.of(), null);
    }

    /// 404: there is no such thing, or this caller may not know of it.
    public static ProblemException notFound(String what) {
        return of(HttpStatus.NOT_FOUND, "not-found", "There is no such %s.".formatted(what));
    }

    /// 422: the request is well-formed, and this field of it is not acceptable.
    public static ProblemException invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    /// 422: the request is well-formed, and these fields of it are not acceptable.
    public static ProblemException invalid(List<FieldError> errors) {
        return new ProblemException(HttpStatus.UNPROCESSABLE_CONTENT, "invalid", summary(errors), errors, null);
    }

    /// 400: the request cannot be read at this field or line.
    public static ProblemException malformed(String field, String message) {
        var errors = List.of(new FieldError(field, message));
        return new ProblemException(HttpStatus.BAD_REQUEST, "malformed", summary(errors), errors, null);
    }

    /// 409: what is there already does not allow it.
    public static ProblemException conflict(String detail) {
        return of(HttpStatus.CONFLICT, "conflict", detail);
    }

    /// 413: this field or line is larger than it may be.
    public static ProblemException tooLarge(String field, String message) {
        var errors = List.of(new FieldError(field, message));
        return new ProblemException(HttpStatus.CONTENT_TOO_LARGE, "too-large", summary(errors), errors, null);
    }

    /// 429: not now; again after that time.
    public static ProblemException tooMany(Duration retryAfter, String detail) {
        return new ProblemException(HttpStatus.TOO_MANY_REQUESTS, "too-many", detail, List.of(), retryAfter);
    }

    /// 503: this replica cannot serve it now; again after that time.
    public static ProblemException unavailable(Duration retryAfter, String detail) {
        return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", detail, List.of(), retryAfter);
    }

    public HttpStatus status() {
        return status;
    }

    String type() {
        return type;
    }

    List<FieldError> errors() {
        return errors;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    private static String summary(List<FieldError> errors) {
        var first = errors.getFirst();
        var more = errors.size() == 1 ? "" : " (and %d more)".formatted(errors.size() - 1);
        return first.field() + ": " + first.message() + more;
    }
}
