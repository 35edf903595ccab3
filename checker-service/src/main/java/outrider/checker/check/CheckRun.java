package outrider.checker.check;

import java.util.List;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;

/// What one scan came to: how each check ended on each subject, and the problems found.
public record CheckRun(List<CheckResult> results, List<FoundInsight> insights) {

    public CheckRun {
        results = List.copyOf(results);
        insights = List.copyOf(insights);
    }
}
