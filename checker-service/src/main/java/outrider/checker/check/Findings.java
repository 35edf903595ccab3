package outrider.checker.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import outrider.insight.CheckDefinition;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.FoundInsight;

/// Collects the verdicts of one scan as the lines of its report.
final class Findings {

    private static final Comparator<CheckResult> BY_CHECK_AND_SUBJECT =
            Comparator.comparing(CheckResult::check).thenComparing(CheckResult::subject);

    private final List<CheckResult> results = new ArrayList<>();
    private final List<FoundInsight> insights = new ArrayList<>();

    void add(CheckDefinition check, String subject, Verdict verdict) {
        switch (verdict) {
            case Verdict.Pass(var why) ->
                results.add(
                        why == null
                                ? CheckResult.pass(check.id(), subject)
                                : new CheckResult(check.id(), subject, CheckState.PASS, visible(why)));
            case Verdict.NotApplicable(var why) ->
                results.add(CheckResult.notApplicable(check.id(), subject, visible(why)));
            case Verdict.CouldNotTell(var why) -> results.add(CheckResult.error(check.id(), subject, visible(why)));
            case Verdict.Fail(var problems) -> {
                results.add(CheckResult.fail(
                        check.id(), subject, problems.getFirst().title()));
                problems.forEach(problem -> insights.add(insight(check, subject, problem)));
            }
        }
    }

    CheckRun toRun() {
        results.sort(BY_CHECK_AND_SUBJECT);
        return new CheckRun(results, insights);
    }

    private static FoundInsight insight(CheckDefinition check, String subject, Problem problem) {
        return new FoundInsight(
                check.id(),
                subject,
                problem.detail(),
                Objects.requireNonNullElse(problem.severity(), check.severity()),
                problem.confidence(),
                problem.title(),
                problem.evidence());
    }

    private static String visible(String why) {
        return Visible.text(why, CheckResult.MAX_TEXT);
    }
}
