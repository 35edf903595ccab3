package outrider.checker.check;

import outrider.insight.CheckId;

/// One check: a pure function from what was seen of a subject to a verdict.
public interface Judge<O> {

    /// The check this judge answers.
    CheckId id();

    Verdict judge(O observation);
}
