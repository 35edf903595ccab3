package outrider.embedded;

/// An embedded part could not do what was asked; the message says which and why.
public final class EmbeddedException extends RuntimeException {
    public EmbeddedException(String message) {
        super(message);
    }

    public EmbeddedException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
