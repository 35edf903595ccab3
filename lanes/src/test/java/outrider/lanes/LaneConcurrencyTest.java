package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.lanes.LaneFixture.SOON;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LaneConcurrencyTest {
    private final LaneFixture fixture = new LaneFixture(2);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void runs_more_jobs_at_once_than_there_are_partitions() {
        var together = new CyclicBarrier(40);
        var handler = new ScriptedHandler((value, job) -> together.await(30, TimeUnit.SECONDS));
        fixture.produce(40);
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> handler.settled().size() == 40);
    }

    @Test
    void one_slow_job_delays_nobody() {
        var end = new CountDownLatch(1);
        var handler = new ScriptedHandler((value, job) -> {
            if (value.equals("job-0")) {
                end.await();
            }
        });
        fixture.produce(5_000);
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> handler.settled().size() == 4_999);
        end.countDown();
        await().atMost(SOON).until(() -> fixture.committed() == 5_000);
    }

    @Test
    void however_many_long_jobs_one_owner_brings_another_ones_starts_at_once() {
        var gate = new CountDownLatch(1);
        var handler = new ScriptedHandler((value, job) -> gate.await());
        for (int i = 0; i < 100; i++) {
            fixture.produce("greedy-" + i, "account", "greedy");
        }
        var loop = fixture.start(fixture.settings().withPermits(8, 0).withTurnsBy("account"), handler);
        await().atMost(SOON).until(() -> loop.snapshot().inFlight() == 6);
        fixture.produce("modest", "account", "modest");

        // Behind the others in the topic, and looked ahead to.
        await().atMost(SOON).until(() -> handler.started().contains("modest"));
        gate.countDown();
        await().atMost(SOON).until(() -> handler.settled().size() == 101);
    }

    @Test
    void owners_take_turns_while_permits_come_free() {
        var handler = ScriptedHandler.quick();
        for (int i = 0; i < 60; i++) {
            fixture.produce("greedy-" + i, "account", "greedy");
        }
        for (int i = 0; i < 3; i++) {
            fixture.produce("modest-" + i, "account", "modest");
        }
        fixture.start(fixture.settings().withPermits(1, 0).withTurnsBy("account"), handler);
        await().atMost(SOON).until(() -> handler.settled().size() == 63);
        assertThat(handler.settled()).doesNotHaveDuplicates();
    }

    @Test
    void never_runs_more_jobs_than_permits() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var handler = new ScriptedHandler((value, job) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            LockSupport.parkNanos(1_000_000);
            running.decrementAndGet();
        });
        fixture.produce(2_000);
        fixture.start(fixture.settings().withPermits(7, 0), handler);
        await().atMost(SOON).until(() -> handler.settled().size() == 2_000);
        assertThat(most).hasValue(7);
    }

    @Test
    void a_partition_at_its_limit_of_unsettled_goes_on_when_there_is_room() {
        var gate = new CountDownLatch(1);
        var handler = new ScriptedHandler((value, job) -> gate.await());
        fixture.produce(6_000);
        var loop = fixture.start(fixture.settings().withPermits(6_000, 0), handler);
        await().atMost(SOON).until(() -> loop.snapshot().inFlight() > 2_000);
        assertThat(loop.snapshot().partitions())
                .allSatisfy(partition -> assertThat(partition.unsettled()).isLessThanOrEqualTo(1_500));
        gate.countDown();
        await().atMost(SOON).until(() -> handler.settled().size() == 6_000);
    }

    @Test
    void the_backlog_counts_what_comes_while_a_job_has_the_only_permit() {
        var end = new CountDownLatch(1);
        var handler = new ScriptedHandler((value, job) -> end.await());
        fixture.produce(20);
        fixture.start(fixture.settings().withPermits(1, 0), handler);
        await().atMost(SOON).until(() -> backlog() == 20);
        fixture.produce(30);
        await().atMost(SOON).until(() -> backlog() == 50);
        end.countDown();
        await().atMost(SOON).until(() -> backlog() == 0);
    }

    private double backlog() {
        return fixture.registry.get("lane.backlog").gauge().value();
    }

    @Test
    void a_paused_lane_starts_nothing_and_goes_on_at_once_when_resumed() {
        var handler = ScriptedHandler.quick();
        var loop = fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> loop.snapshot().partitions().size() == 3);
        loop.state(LaneState.PAUSED);
        fixture.produce(100);
        await().during(500, TimeUnit.MILLISECONDS).until(() -> handler.settled().isEmpty());
        loop.state(LaneState.RUNNING);
        await().atMost(SOON).until(() -> handler.settled().size() == 100);
    }

    @Test
    void a_held_lane_says_why_and_goes_on_when_released() {
        var handler = ScriptedHandler.quick();
        var loop = fixture.start(fixture.settings(), handler);
        loop.hold("upstream", "the insights API answers 503", SOON);
        fixture.produce(10);
        await().during(500, TimeUnit.MILLISECONDS).until(() -> handler.settled().isEmpty());
        assertThat(loop.snapshot().holds()).containsEntry("upstream", "the insights API answers 503");
        loop.release("upstream");
        await().atMost(SOON).until(() -> handler.settled().size() == 10);
    }

    @Test
    void a_hold_that_is_not_renewed_releases_itself() {
        var handler = ScriptedHandler.quick();
        var loop = fixture.start(fixture.settings(), handler);
        loop.hold("upstream", "the insights API answers 503", Duration.ofSeconds(2));
        fixture.produce(10);
        await().during(500, TimeUnit.MILLISECONDS).until(() -> handler.settled().isEmpty());
        await().atMost(SOON).until(() -> handler.settled().size() == 10);
        assertThat(loop.snapshot().holds()).isEmpty();
    }

    @Test
    void a_draining_lane_finishes_what_it_holds_and_takes_nothing_more() {
        var gate = new CountDownLatch(1);
        var handler = new ScriptedHandler((value, job) -> gate.await());
        fixture.produce(20);
        var loop = fixture.start(fixture.settings().withPermits(5, 0), handler);
        await().atMost(SOON)
                .until(() -> loop.snapshot().backlog() == 20 && loop.snapshot().inFlight() == 5);
        int held = loop.snapshot().partitions().stream()
                .mapToInt(LaneSnapshot.Partition::unsettled)
                .sum();
        loop.state(LaneState.DRAINING);
        fixture.produce(20);
        gate.countDown();
        await().atMost(SOON).until(() -> handler.settled().size() >= held);
        await().during(500, TimeUnit.MILLISECONDS).until(() -> handler.settled().size() == held);
    }

    @Test
    void more_permits_take_effect_while_running() {
        var gate = new CountDownLatch(1);
        var handler = new ScriptedHandler((value, job) -> gate.await());
        fixture.produce(50);
        var loop = fixture.start(fixture.settings().withPermits(3, 0), handler);
        await().atMost(SOON).until(() -> loop.snapshot().inFlight() == 3);
        loop.resize(30);
        await().atMost(SOON).until(() -> loop.snapshot().inFlight() == 30);
        gate.countDown();
    }

    @Test
    void the_jobs_in_flight_can_be_listed() {
        var gate = new CountDownLatch(1);
        var handler = new ScriptedHandler((value, job) -> {
            job.label("about " + value);
            gate.await();
        });
        fixture.produce(1);
        var loop = fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> !loop.jobs().isEmpty());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(loop.jobs().getFirst().label()).isEqualTo("about job-0"));
        assertThat(loop.jobs().getFirst().key()).isEqualTo("job-0");
        gate.countDown();
    }
}
