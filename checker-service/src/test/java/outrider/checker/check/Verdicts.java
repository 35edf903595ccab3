package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import outrider.insight.Severity;

/// What tests expect of verdicts.
public final class Verdicts {

    private Verdicts() {}

    public static void assertPass(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Pass.class);
    }

    public static void assertNotApplicable(Verdict verdict, String why) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.NotApplicable.class,
                        none -> assertThat(none.why()).contains(why));
    }

    public static void assertCouldNotTell(Verdict verdict, String why) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.CouldNotTell.class,
                        none -> assertThat(none.why()).contains(why));
    }

    /// Fails with exactly one problem, which it returns.
    public static Problem problem(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Fail.class);
        assertThat(((Verdict.Fail) verdict).problems()).hasSize(1);
        return ((Verdict.Fail) verdict).problems().getFirst();
    }

    /// Fails with exactly this one problem, at the check's own severity.
    public static Problem assertProblem(Verdict verdict, String detail, String title) {
        var problem = problem(verdict);
        assertThat(problem.detail()).isEqualTo(detail);
        assertThat(problem.title()).contains(title);
        assertThat(problem.severity()).isNull();
        return problem;
    }

    /// Fails with exactly this one problem, at a severity of its own.
    public static Problem assertProblem(Verdict verdict, String detail, Severity severity, String title) {
        var problem = problem(verdict);
        assertThat(problem.detail()).isEqualTo(detail);
        assertThat(problem.title()).contains(title);
        assertThat(problem.severity()).isEqualTo(severity);
        return problem;
    }
}
