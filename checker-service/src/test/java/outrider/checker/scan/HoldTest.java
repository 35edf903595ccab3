package outrider.checker.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.checker.report.FakeInsightsApi;
import outrider.lanes.LaneLoop;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;

/// An API in trouble, and partitions that are lost meanwhile with every report that could tell when it is over.
class HoldTest {
    CheckerFixture fixture;
    StumblingConsumers consumers = new StumblingConsumers();
    LaneLoop fast;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        fixture = new CheckerFixture(directory);
        var replica = fixture.startWith(consumers, "--outrider.checker.lanes=fast");
        fast = replica.getBean(Lanes.class).find(Lane.FAST).orElseThrow();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void a_lane_that_lost_its_partitions_during_an_outage_goes_on_by_itself_when_the_api_is_ready() {
        fixture.api.answer(scans -> FakeInsightsApi.status(503));
        fixture.api.ready(503);
        var jobs = Stream.of("one.example.org", "two.example.org")
                .map(name -> fixture.publish(Lane.FAST, name))
                .toList();
        await().atMost(SOON).until(this::isHeld);

        consumers.stumble();
        await().atMost(SOON).until(() -> consumers.left() == 0);
        await().atMost(SOON).until(() -> fast.snapshot().inFlight() == 0);
        var probes = fixture.api.probes();
        await().atMost(SOON).until(() -> fixture.api.probes() > probes + 1);
        assertThat(isHeld()).isTrue();
        fixture.api.answer(FakeInsightsApi::applied);
        fixture.api.ready(200);

        await().atMost(SOON).until(() -> jobs.stream().allMatch(this::isReported));
        assertThat(fast.snapshot().holds()).isEmpty();
    }

    private boolean isHeld() {
        return fast.snapshot().holds().containsKey("insights-api");
    }

    private boolean isReported(ScanJob job) {
        return fixture.outcomes(job).equals(List.of(ScanOutcome.Kind.REPORTED));
    }
}
