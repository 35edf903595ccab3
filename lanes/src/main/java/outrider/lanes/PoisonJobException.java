package outrider.lanes;

/// This record can never be run: it becomes a dead letter at once. The message is the reason.
public final class PoisonJobException extends Exception {

    public PoisonJobException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
