package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.lanes.LaneFixture.SOON;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LaneRebalanceTest {

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void a_second_member_takes_over_partitions_with_their_unfinished_jobs_and_nothing_else(String protocol) {
        try (var fixture = fixture(protocol)) {
            var first = new ScriptedHandler(LaneRebalanceTest::stickAtEveryHundredth);
            fixture.produce(1_000);
            var loop = fixture.start(fixture.settings(), first);
            await().atMost(SOON).until(() -> first.settled().size() == 990);
            var second = ScriptedHandler.quick();
            var other = fixture.start(fixture.settings(), second);
            await().atMost(SOON).until(() -> other.snapshot().partitions().size() >= 2);
            loop.close();
            await().atMost(SOON).until(() -> fixture.committed() == 1_000);
            assertThat(second.started()).hasSize(10).allMatch(value -> value.endsWith("00") || value.equals("job-0"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void what_finishes_after_its_partition_left_changes_nothing(String protocol) {
        try (var fixture = fixture(protocol)) {
            var end = new CountDownLatch(1);
            var first = ScriptedHandler.stubborn(end);
            fixture.produce(4);
            var loop = fixture.start(fixture.settings(), first);
            await().atMost(SOON).until(() -> loop.snapshot().inFlight() == 4);
            loop.close();
            var second = ScriptedHandler.quick();
            fixture.start(fixture.settings(), second);
            await().atMost(SOON).until(() -> fixture.committed() == 4);
            end.countDown();
            await().during(Duration.ofMillis(300)).until(() -> first.settled().isEmpty());
            assertThat(second.settled()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void a_job_that_ends_while_its_partition_drains_is_not_run_again(String protocol) {
        try (var fixture = fixture(protocol)) {
            var closing = new CountDownLatch(1);
            var first = new ScriptedHandler((value, job) -> closing.await());
            fixture.produce(4);
            var loop = fixture.start(fixture.settings(), first);
            await().atMost(SOON).until(() -> loop.snapshot().inFlight() == 4);
            Thread.ofVirtual().start(closing::countDown);
            loop.close();
            assertThat(first.settled()).hasSize(4);
            assertThat(fixture.committed()).isEqualTo(4);
        }
    }

    private static LaneFixture fixture(String protocol) {
        return protocol.equals("classic") ? new LaneFixture(4).classic() : new LaneFixture(4);
    }

    private static void stickAtEveryHundredth(String value, Job job) throws InterruptedException {
        if (value.endsWith("00") || value.equals("job-0")) {
            new CountDownLatch(1).await();
        }
    }
}
