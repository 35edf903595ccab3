package outrider.checker.scan;

import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.checker.report.FakeInsightsApi;
import outrider.scan.Lane;
import outrider.scan.ReportOutcome;
import outrider.scan.ScanOutcome;

class ScanCrashTest {

    @Test
    void a_crash_between_report_and_commit_reports_the_same_scan_again(@TempDir Path directory) throws Exception {
        try (var fixture = new CheckerFixture(directory)) {
            var first = fixture.startWithLostCommits();
            var job = fixture.publish(Lane.FAST, "example.org");
            await().atMost(SOON).until(() -> fixture.outcomes(job).size() == 1);
            first.close();
            fixture.api.answer(scans -> FakeInsightsApi.outcomes(scans, ReportOutcome.Kind.REPLAYED));
            fixture.start();
            await().atMost(SOON)
                    .until(() -> fixture.outcomes(job)
                            .equals(List.of(ScanOutcome.Kind.REPORTED, ScanOutcome.Kind.REPORTED)));
        }
    }
}
