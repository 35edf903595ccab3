package outrider.lanes;

/// How phase 2 of a job ended.
public sealed interface Settlement {

    /// The result is durable.
    ///
    /// @param outcome one of a few short words, for the metrics
    record Durable(String outcome) implements Settlement {}

    /// The receiver will never take this result: the job becomes a dead letter.
    record Rejected(String reason) implements Settlement {}
}
