package outrider.scheduler;

/// Kafka did not take what was sent. Nothing is lost, and trying again later helps.
public final class BrokerAwayException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BrokerAwayException(String message) {
        super(message);
    }
}
