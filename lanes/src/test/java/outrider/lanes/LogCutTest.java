package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.lanes.LaneFixture.SOON;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.EmbeddedBroker;

/// A broker whose log was cut, and written anew from there, by a leader that did not have its end.
final class LogCutTest {
    // The broker's own threads may still write while the directory is deleted.
    @TempDir(cleanup = CleanupMode.NEVER)
    Path data;

    private EmbeddedBroker broker;
    private LaneFixture fixture;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(data, 0);
        fixture = new LaneFixture(broker.bootstrapServers(), 1);
        IntStream.range(0, 10).forEach(i -> fixture.produce(i, i + 1));
    }

    @AfterEach
    void close() {
        fixture.close();
        broker.close();
    }

    @Test
    void jobs_below_the_cut_go_on_and_what_is_written_anew_is_run() {
        var end = new CountDownLatch(1);
        var handler = new ScriptedHandler((value, job) -> {
            if (value.equals("job-2") || value.equals("job-5")) {
                end.await();
            }
        });
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> handler.settled().size() == 8);
        cutAndRefill(8, 11);
        await().atMost(SOON).until(() -> handler.settled().size() == 11);
        await().atMost(SOON).until(() -> fixture.knownSettled() == 9);
        end.countDown();
        await().atMost(SOON).until(() -> fixture.committed() == 11);
        assertThat(handler.settled()).contains("job-2", "job-5", "new-8", "new-9", "new-10");
    }

    @Test
    void a_job_whose_record_is_cut_away_changes_nothing_any_more() {
        var end = new CountDownLatch(1);
        var handler = ScriptedHandler.stubborn(end);
        var loop = fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> loop.snapshot().inFlight() == 10);
        cutAndRefill(8, 9);
        await().atMost(SOON).until(() -> handler.runs("new-8") == 1);
        end.countDown();
        await().atMost(SOON).until(() -> fixture.committed() == 9);
        assertThat(handler.settled()).hasSize(9).contains("new-8").doesNotContain("job-8", "job-9");
    }

    @Test
    void what_was_written_anew_below_the_horizon_of_the_commit_is_run() {
        var first = new ScriptedHandler((value, job) -> {
            if (value.equals("job-2")) {
                new CountDownLatch(1).await();
            }
        });
        var loop = fixture.start(fixture.settings(), first);
        await().atMost(SOON).until(() -> first.settled().size() == 9);
        loop.close();
        assertThat(fixture.knownSettled()).isEqualTo(9);
        cutAndRefill(5, 12);
        var second = ScriptedHandler.quick();
        fixture.start(fixture.settings(), second);
        await().atMost(SOON).until(() -> fixture.committed() == 12);
        assertThat(second.settled())
                .containsExactlyInAnyOrder("job-2", "new-5", "new-6", "new-7", "new-8", "new-9", "new-10", "new-11");
    }

    @Test
    void what_was_written_anew_below_the_commit_is_run() {
        var first = ScriptedHandler.quick();
        var loop = fixture.start(fixture.settings(), first);
        await().atMost(SOON).until(() -> fixture.committed() == 10);
        loop.close();
        cutAndRefill(5, 12);
        var second = ScriptedHandler.quick();
        fixture.start(fixture.settings(), second);
        await().atMost(SOON).until(() -> fixture.committed() == 12);
        assertThat(second.settled())
                .containsExactlyInAnyOrder("new-5", "new-6", "new-7", "new-8", "new-9", "new-10", "new-11");
    }

    @Test
    void a_topic_created_anew_is_run_from_its_beginning() {
        var handler = ScriptedHandler.quick();
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> fixture.committed() == 10);
        fixture.delete(fixture.topic);
        fixture.create(fixture.topic, 1);
        refill(0, 3);
        await().atMost(SOON.multipliedBy(2)).until(() -> handler.settled().size() == 13);
        await().atMost(SOON).until(() -> fixture.committed() == 3);
    }

    private void cutAndRefill(int at, int end) {
        broker.close();
        LogCut.at(data, fixture.topic, at);
        broker = EmbeddedBroker.start(data, broker.port());
        refill(at, end);
    }

    /// With a producer that knows nothing of the earlier log.
    private void refill(int from, int to) {
        try (var producer = fixture.clients("fast").producer()) {
            IntStream.range(from, to)
                    .forEach(i -> producer.send(new ProducerRecord<>(
                            fixture.topic, 0, null, ("new-" + i).getBytes(StandardCharsets.UTF_8))));
        }
    }
}
