package outrider.standalone;

/// Why Outrider cannot start, in one sentence that says what to do about it.
public final class CannotStartException extends RuntimeException {
    CannotStartException(String message) {
        super(message);
    }

    CannotStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
