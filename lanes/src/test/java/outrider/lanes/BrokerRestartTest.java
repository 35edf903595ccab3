package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.EmbeddedBroker;

class BrokerRestartTest {
    private static final int JOBS = 2_000;

    // The broker's own threads may still write while the directory is deleted.
    @TempDir(cleanup = CleanupMode.NEVER)
    Path data;

    @Test
    void a_broker_that_goes_and_comes_back_costs_no_job_and_needs_no_restart() {
        var broker = EmbeddedBroker.start(data, 0);
        try (var fixture = new LaneFixture(broker.bootstrapServers(), 4)) {
            fixture.produce(JOBS);
            var handler = new ScriptedHandler((value, job) -> LockSupport.parkNanos(20_000_000));
            var settings = fixture.settings()
                    .withPermits(20, 0)
                    .withLimits(new LaneSettings.Limits(100, 50, Duration.ofMillis(100), Duration.ofMillis(500)));
            var loop = fixture.start(settings, handler);
            await().atMost(LaneFixture.SOON).until(() -> handler.settled().size() > 200);

            broker.close();
            await().atMost(LaneFixture.SOON).until(() -> loop.snapshot().holds().containsKey("commit"));
            assertThat(handler.settled().size()).isLessThan(JOBS);

            broker = EmbeddedBroker.start(data, broker.port());
            await().atMost(Duration.ofSeconds(60)).until(() -> fixture.committed() == JOBS);
            assertThat(handler.settled().stream().distinct()).hasSize(JOBS);
            assertThat(loop.snapshot().holds()).isEmpty();
        } finally {
            broker.close();
        }
    }
}
