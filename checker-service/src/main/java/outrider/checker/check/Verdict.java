package outrider.checker.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A judge's answer for one subject.
public sealed interface Verdict {

    /// Looked, and all is well; `why` where that needs a word.
    record Pass(@Nullable String why) implements Verdict {}

    /// Looked at all of it, and these are the problems. What is not among them counts as mended: after a partial look
    /// the verdict is [CouldNotTell].
    record Fail(List<Problem> problems) implements Verdict {
        public Fail {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("A failed check names at least one problem");
            }
        }
    }

    /// Looked, and the question does not arise.
    record NotApplicable(String why) implements Verdict {}

    /// Could not look, or not at all of it. Opens nothing and closes nothing.
    record CouldNotTell(String why) implements Verdict {}

    static Verdict pass() {
        return new Pass(null);
    }

    static Verdict fail(Problem problem) {
        return new Fail(List.of(problem));
    }

    /// Pass where there is no problem.
    static Verdict of(List<Problem> problems) {
        return problems.isEmpty() ? pass() : new Fail(problems);
    }
}
