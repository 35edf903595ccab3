package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.lanes.LaneFixture.SOON;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LaneRestartTest {
    private final LaneFixture fixture = new LaneFixture(1);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void a_restart_skips_what_finished_behind_an_unfinished_job() {
        var first = new ScriptedHandler(LaneRestartTest::stickAtTheThird);
        fixture.produce(1_000);
        var loop = fixture.start(fixture.settings(), first);
        await().atMost(SOON).until(() -> first.settled().size() == 999);
        loop.close();
        var second = ScriptedHandler.quick();
        fixture.start(fixture.settings(), second);
        await().atMost(SOON).until(() -> fixture.committed() == 1_000);
        assertThat(second.started()).containsExactly("job-3");
        assertThat(fixture.count("lane.redo.skipped")).isEqualTo(996);
    }

    @Test
    void a_crash_redoes_no_more_than_was_uncommitted() {
        var crashed = new AtomicBoolean();
        var first = new ScriptedHandler(LaneRestartTest::stickAtTheThird);
        fixture.produce(500);
        var settings = fixture.settings();
        var loop = fixture.start(settings, first, () -> mute(fixture.newConsumer(settings), crashed));
        await().atMost(SOON).until(() -> first.settled().size() == 499 && fixture.committed() == 3);
        await().atMost(SOON)
                .until(() ->
                        fixture.offsets().values().iterator().next().metadata().length() > 0);
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        crashed.set(true);
        fixture.produce("job-500");
        await().atMost(SOON).until(() -> first.settled().size() == 500);
        loop.close();
        var second = ScriptedHandler.quick();
        fixture.start(fixture.settings(), second);
        await().atMost(SOON).until(() -> fixture.committed() == 501);
        assertThat(second.started()).containsExactlyInAnyOrder("job-3", "job-500");
    }

    @Test
    void admission_stops_while_nothing_can_be_committed_and_goes_on_after() {
        var broken = new AtomicBoolean(true);
        var handler = ScriptedHandler.quick();
        var base = fixture.settings();
        var settings =
                base.withLimits(new LaneSettings.Limits(1_500, 500, Duration.ofMillis(100), Duration.ofMillis(500)));
        fixture.produce(10);
        var loop = fixture.start(settings, handler, () -> mute(fixture.newConsumer(settings), broken));
        await().atMost(SOON).until(() -> loop.snapshot().holds().containsKey("commit"));
        fixture.produce("late");
        await().during(Duration.ofMillis(500)).until(() -> !handler.settled().contains("late"));
        broken.set(false);
        await().atMost(SOON).until(() -> handler.settled().contains("late"));
    }

    @Test
    void a_partition_without_traffic_keeps_its_commit() {
        var handler = ScriptedHandler.quick();
        fixture.produce(5);
        var loop = fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> fixture.committed() == 5);
        loop.close();
        var again = ScriptedHandler.quick();
        var second = fixture.start(fixture.settings(), again);
        await().atMost(SOON).until(() -> second.snapshot().partitions().size() == 2);
        second.close();
        assertThat(fixture.committed()).isEqualTo(5);
        assertThat(again.started()).isEmpty();
    }

    private static void stickAtTheThird(String value, Job job) throws InterruptedException {
        if (value.equals("job-3")) {
            new CountDownLatch(1).await();
        }
    }

    /// A consumer whose commits reach nobody while it is broken, as if its process had died before them.
    private static Consumer<byte[], byte[]> mute(Consumer<byte[], byte[]> consumer, AtomicBoolean broken) {
        return Meddling.before(consumer, method -> {
            if (broken.get() && method.matches("commit(A?)[Ss]ync")) {
                throw new TimeoutException("the coordinator does not answer");
            }
        });
    }
}
