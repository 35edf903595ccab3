package outrider.checker.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import outrider.insight.CheckDefinition;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.FoundInsight;
import outrider.scan.ReportLine;

/// Turns the verdicts of one scan into lines of its report, and passes them on at once: it keeps none.
final class Findings {

    private final ReportSink report;
    private final String asset;
    private boolean empty = true;
    private boolean aboutAsset;

    /// @param asset the asset's own name
    Findings(ReportSink report, String asset) {
        this.report = report;
        this.asset = asset;
    }

    void add(CheckDefinition check, String subject, Verdict verdict) throws IOException {
        add(subject, lines(check, subject, verdict));
    }

    void add(String subject, List<ReportLine> lines) throws IOException {
        for (var line : lines) {
            report.add(line);
        }
        empty = false;
        aboutAsset |= subject.equals(asset);
    }

    /// Whether nothing has been found yet, not even that all is well.
    boolean isEmpty() {
        return empty;
    }

    /// Whether the asset's own name was a subject: a report says one thing only of each.
    boolean areAboutAsset() {
        return aboutAsset;
    }

    /// A result, and an insight for each problem.
    static List<ReportLine> lines(CheckDefinition check, String subject, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Pass(var why) ->
                List.of(
                        why == null
                                ? CheckResult.pass(check.id(), subject)
                                : new CheckResult(check.id(), subject, CheckState.PASS, visible(why)));
            case Verdict.NotApplicable(var why) ->
                List.of(CheckResult.notApplicable(check.id(), subject, visible(why)));
            case Verdict.CouldNotTell(var why) -> List.of(CheckResult.error(check.id(), subject, visible(why)));
            case Verdict.Fail(var problems) -> {
                var lines = new ArrayList<ReportLine>(1 + problems.size());
                lines.add(CheckResult.fail(
                        check.id(), subject, problems.getFirst().title()));
                problems.forEach(problem -> lines.add(insight(check, subject, problem)));
                yield lines;
            }
        };
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
