package outrider.checker.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.scan.Lane;
import outrider.scan.ScanOutcome;

class ScanStopTest {

    @Test
    void who_is_told_to_stop_ends_once_what_runs_is_finished_and_reported(@TempDir Path directory) throws Exception {
        try (var fixture = new CheckerFixture(directory)) {
            var replica = fixture.start();
            var runs = new CountDownLatch(1);
            var finish = new CountDownLatch(1);
            replica.getBean(ScriptedScanner.class).script((scan, report) -> {
                runs.countDown();
                finish.await();
                ScriptedScanner.passed(scan, report);
            });
            var job = fixture.publish(Lane.INTERACTIVE, "example.org");
            runs.await();

            var before = CheckerFixture.committed(Lane.INTERACTIVE);
            var stop = Thread.ofVirtual().start(replica::close);
            await().during(Duration.ofSeconds(2)).until(stop::isAlive);
            finish.countDown();
            stop.join();

            assertThat(CheckerFixture.committed(Lane.INTERACTIVE)).isEqualTo(before + 1);
            await().atMost(SOON)
                    .until(() ->
                            fixture.outcomes(job).equals(List.of(ScanOutcome.Kind.STARTED, ScanOutcome.Kind.REPORTED)));
        }
    }
}
