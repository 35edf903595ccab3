package outrider.scan;

/// How one check ended on one subject.
public enum CheckState {
    /// Looked, and all is well.
    PASS,
    /// Looked, and there is a problem.
    FAIL,
    /// Looked, and the question does not arise.
    NOT_APPLICABLE,
    /// Could not tell. Opens nothing and closes nothing.
    ERROR
}
