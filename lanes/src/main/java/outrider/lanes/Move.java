package outrider.lanes;

/// Where the record of a job went that ends in this lane without a result.
public sealed interface Move {

    /// Where a record lies in Kafka.
    record Place(String topic, int partition, long offset) {}

    /// To the lane's retry topic, for another attempt.
    record Retried(Throwable cause, Place to) implements Move {}

    /// To the dead-letter topic.
    record Dead(String reason) implements Move {}

    /// To a slower lane, after it used up its soft budget here.
    record HandedOff(String lane, Place to) implements Move {}

    /// To the lane it was stamped for, which does not read the topic it was found in.
    record Republished(String lane, Place to) implements Move {}
}
