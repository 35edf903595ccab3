package outrider.checker.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import outrider.scan.CheckResult;
import outrider.scan.FoundInsight;
import outrider.scan.ReportLine;
import outrider.scan.ScanJob;

/// What a run of the checks came to, the results in order.
record CheckRun(List<CheckResult> results, List<FoundInsight> insights) {

    /// A run that nobody interrupts.
    static CheckRun undisturbed(CheckRunner runner, ScanJob job) {
        try {
            return of(runner, job);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static CheckRun of(CheckRunner runner, ScanJob job) throws InterruptedException {
        var lines = new ArrayList<ReportLine>();
        try {
            runner.run(job, lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new CheckRun(
                lines.stream()
                        .filter(CheckResult.class::isInstance)
                        .map(CheckResult.class::cast)
                        .sorted(Comparator.comparing(CheckResult::check).thenComparing(CheckResult::subject))
                        .toList(),
                lines.stream()
                        .filter(FoundInsight.class::isInstance)
                        .map(FoundInsight.class::cast)
                        .toList());
    }
}
