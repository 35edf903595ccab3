package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.lanes.LaneFixture.SOON;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LaneTopologyTest {
    private final LaneFixture fixture = new LaneFixture(2);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void on_a_shared_topic_every_job_is_run_once_by_the_lane_it_is_stamped_for() {
        var topology = topology(fixture.topic, fixture.topic);
        var fast = ScriptedHandler.quick();
        var slow = ScriptedHandler.quick();
        start("fast", topology, fast);
        start("slow", topology, slow);
        for (int i = 0; i < 300; i++) {
            fixture.produce("job-" + i, "lane", i % 3 == 0 ? "slow" : "fast");
        }
        await().atMost(SOON).until(() -> fast.settled().size() + slow.settled().size() == 300);
        assertThat(slow.settled()).hasSize(100).doesNotHaveDuplicates().doesNotContainAnyElementsOf(fast.settled());
        assertThat(fixture.count("lane.settled", "lane", "slow", "outcome", "other_lane"))
                .isEqualTo(200);
    }

    @Test
    void without_a_stamp_the_lane_that_owns_the_topic_runs_the_job() {
        var topology = topology(fixture.topic, fixture.topic);
        var fast = ScriptedHandler.quick();
        var slow = ScriptedHandler.quick();
        start("slow", topology, slow);
        start("fast", topology, fast);
        fixture.produce(20);
        await().atMost(SOON).until(() -> fast.settled().size() == 20);
        await().atMost(SOON).until(() -> fixture.count("lane.settled", "lane", "slow", "outcome", "other_lane") == 20);
        assertThat(slow.started()).isEmpty();
    }

    @Test
    void a_job_stamped_for_a_lane_that_does_not_read_here_is_published_there() {
        var slowTopic = fixture.topic + ".slow";
        fixture.create(slowTopic, 1);
        var topology = topology(fixture.topic, slowTopic);
        var fast = ScriptedHandler.quick();
        var slow = ScriptedHandler.quick();
        start("fast", topology, fast);
        start("slow", topology, slow);
        fixture.produce("stray", "lane", "slow", "traceparent", "00-abc");
        await().atMost(SOON).until(() -> slow.settled().equals(List.of("stray")));
        assertThat(fast.started()).isEmpty();
        assertThat(fast.moves()).containsExactly(new Move.Republished("slow", new Move.Place(slowTopic, 0, 0)));
        assertThat(LaneHeaders.text(fixture.read(slowTopic, 1).getFirst(), "traceparent"))
                .contains("00-abc");
    }

    @Test
    void a_job_that_turns_out_slow_is_handed_to_the_slow_lane_once() {
        var slowTopic = fixture.topic + ".slow";
        fixture.create(slowTopic, 1);
        var topology = topology(fixture.topic, slowTopic);
        var fast = new ScriptedHandler((value, job) -> new CountDownLatch(1).await());
        var slow = ScriptedHandler.quick();
        var settings = fixture.settings("fast", topology)
                .withPermits(8, 0)
                .withBudget(
                        new LaneSettings.Budget(Duration.ofMillis(100), Duration.ofSeconds(30), Duration.ofMillis(300)))
                .withHandOff(new LaneSettings.HandOff("slow", 2, 50));
        fixture.start(settings, fast);
        start("slow", topology, slow);
        fixture.produce("first", "lane", "fast", "handed-off-by", "slow", "budget", "PT20S");
        fixture.produce("second", "lane", "fast", "budget", "PT20S");
        await().atMost(SOON).until(() -> slow.settled().equals(List.of("second")));
        await().during(Duration.ofMillis(500)).until(() -> slow.settled().equals(List.of("second")));
        var handed = fixture.read(slowTopic, 1).getFirst();
        assertThat(LaneHeaders.text(handed, LaneHeaders.LANE)).contains("slow");
        assertThat(LaneHeaders.text(handed, LaneHeaders.HANDED_OFF_BY)).contains("fast");
        assertThat(LaneHeaders.text(handed, LaneHeaders.BUDGET)).isEmpty();
        assertThat(fast.moves()).containsExactly(new Move.HandedOff("slow", new Move.Place(slowTopic, 0, 0)));
    }

    @Test
    void a_slow_job_gives_its_permit_back_while_the_overflow_has_room() {
        var end = new CountDownLatch(1);
        var handler = new ScriptedHandler((value, job) -> {
            if (value.startsWith("slow")) {
                end.await();
            }
        });
        var settings = fixture.settings()
                .withPermits(1, 2)
                .withBudget(new LaneSettings.Budget(
                        Duration.ofMillis(100), Duration.ofSeconds(30), Duration.ofMillis(300)));
        fixture.produce("slow-1");
        fixture.produce("slow-2");
        fixture.produce(10);
        var loop = fixture.start(settings, handler);
        await().atMost(SOON).until(() -> handler.settled().size() == 10);
        assertThat(loop.snapshot().overflow()).isEqualTo(2);
        end.countDown();
        await().atMost(SOON).until(() -> loop.snapshot().inFlight() == 0);
        assertThat(loop.snapshot().overflow()).isZero();
    }

    private void start(String lane, Topology topology, ScriptedHandler handler) {
        var settings = fixture.settings(lane, topology);
        var retryTopic = fixture.topic + ".retry." + lane;
        fixture.create(retryTopic, 1);
        fixture.start(
                settings.withRetry(new LaneSettings.Retry(
                        retryTopic,
                        settings.retry().deadTopic(),
                        settings.retry().delay(),
                        3)),
                handler);
    }

    private static Topology topology(String fast, String slow) {
        var topics = new LinkedHashMap<String, List<String>>();
        topics.put("fast", List.of(fast));
        topics.put("slow", List.of(slow));
        return new Topology(topics);
    }
}
