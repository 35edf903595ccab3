package outrider.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import outrider.scan.MalformedWireException;
import tools.jackson.core.JacksonException;

/// Turns every failure of a controller into a problem document. What callers cannot mend is logged here, and only here.
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Object> onProblem(ProblemException e) {
        var answer = ResponseEntity.status(e.status());
        var retryAfter = e.retryAfter();
        if (retryAfter != null) {
            answer.header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        return answer.body(Problems.of(e.status(), e.type(), message(e), e.errors()));
    }

    @ExceptionHandler
    ResponseEntity<Object> onMalformed(MalformedWireException e) {
        return answer(HttpStatus.BAD_REQUEST, "malformed", message(e), List.of());
    }

    /// The security filters know better what to answer to these.
    @ExceptionHandler({AccessDeniedException.class, AuthenticationException.class})
    void onRefused(RuntimeException e) {
        throw e;
    }

    @ExceptionHandler
    ResponseEntity<Object> onAnythingElse(Exception e, WebRequest request) {
        LOG.error("A request failed: {}", request.getDescription(false), e);
        return answer(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "Something went wrong here; the service's log says what.",
                List.of());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (!(e.getCause() instanceof JacksonException cause)) {
            return answer(HttpStatus.BAD_REQUEST, "malformed", "The body is missing or not JSON.", List.of());
        }
        var malformed = new MalformedWireException(cause);
        var errors = malformed.field().isEmpty()
                ? List.<ProblemException.FieldError>of()
                : List.of(new ProblemException.FieldError(malformed.field(), malformed.reason()));
        return answer(HttpStatus.BAD_REQUEST, "malformed", message(malformed), errors);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var errors = e.getBindingResult().getFieldErrors().stream()
                .map(error ->
                        new ProblemException.FieldError(error.getField(), String.valueOf(error.getDefaultMessage())))
                .toList();
        return onProblem(ProblemException.invalid(errors));
    }

    @ExceptionHandler
    ResponseEntity<Object> onWrongParameter(MethodArgumentTypeMismatchException e) {
        var type = e.getRequiredType();
        return onProblem(ProblemException.malformed(
                e.getName(),
                "'%s' is no %s".formatted(e.getValue(), type == null ? "valid value" : type.getSimpleName())));
    }

    private static ResponseEntity<Object> answer(
            HttpStatus status, String type, String detail, List<ProblemException.FieldError> errors) {
        return ResponseEntity.status(status).body(Problems.of(status, type, detail, errors));
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }
}
