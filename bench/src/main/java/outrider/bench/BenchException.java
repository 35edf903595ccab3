package outrider.bench;

import org.jspecify.annotations.Nullable;

/// A run that cannot yield its figures; says why.
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
