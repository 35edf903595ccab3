package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.lanes.LaneFixture.SOON;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PollLoopTest {
    private final LaneFixture fixture = new LaneFixture(1);

    @AfterEach
    void close() {
        fixture.close();
    }

    static Stream<Supplier<Throwable>> failures() {
        return Stream.of(
                () -> new WakeupException(),
                () -> new TimeoutException("no answer"),
                () -> new RebalanceInProgressException(),
                () -> new CommitFailedException(),
                () -> new StaleMemberEpochException("the group has moved on"),
                () -> new UnknownMemberIdException("who are you"),
                () -> new TopicAuthorizationException("forbidden"),
                () -> new SaslAuthenticationException("who are you"),
                () -> new FencedInstanceIdException("another one came"),
                () -> new InterruptException("interrupted"),
                () -> new KafkaException("anything"),
                () -> new IllegalStateException("a bug"),
                () -> new StackOverflowError("worse"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void nothing_that_is_thrown_ends_the_loop_or_loses_a_job(Supplier<Throwable> failure) {
        var handler = ScriptedHandler.quick();
        var polls = new AtomicInteger();
        var settings = fixture.settings();
        fixture.produce(50);
        fixture.start(
                settings,
                handler,
                () -> Meddling.before(fixture.newConsumer(settings), method -> {
                    if (method.equals("poll") && polls.incrementAndGet() % 3 == 0 && polls.get() < 10) {
                        throw failure.get();
                    }
                }));
        await().atMost(SOON).until(() -> fixture.committed() == 50);
        fixture.produce("one more");
        await().atMost(SOON).until(() -> handler.settled().contains("one more"));
        assertThat(handler.started()).hasSize(51);
    }

    @Test
    void a_position_outside_the_log_starts_again_from_its_beginning() {
        var handler = ScriptedHandler.quick();
        var polls = new AtomicInteger();
        var settings = fixture.settings();
        fixture.produce(50);
        fixture.start(
                settings,
                handler,
                () -> Meddling.before(fixture.newConsumer(settings), method -> {
                    if (method.equals("poll") && handler.settled().size() == 50 && polls.incrementAndGet() == 1) {
                        throw new OffsetOutOfRangeException(Map.of(new TopicPartition(fixture.topic, 0), 50L));
                    }
                }));
        await().atMost(SOON).until(() -> handler.settled().size() == 100);
        await().atMost(SOON).until(() -> fixture.committed() == 50);
    }

    @Test
    void what_is_unsettled_before_the_place_where_a_log_was_cut_is_run_and_nothing_is_committed_past_it() {
        var cut = new AtomicBoolean();
        var handler = new ScriptedHandler((value, job) -> {
            if (value.equals("job-5") && !cut.get()) {
                new CountDownLatch(1).await();
            }
        });
        var settings = fixture.settings();
        var consumer = fixture.newConsumer(settings);
        fixture.produce(50);
        // As the client does when it finds that the log was cut: it goes on at the end of what is left.
        fixture.start(
                settings,
                handler,
                () -> Meddling.before(consumer, method -> {
                    if (method.equals("poll") && handler.settled().size() == 49 && cut.compareAndSet(false, true)) {
                        assertThat(fixture.committed()).isLessThanOrEqualTo(5);
                        consumer.seek(new TopicPartition(fixture.topic, 0), 20);
                    }
                }));
        await().atMost(SOON).until(() -> handler.settled().contains("job-5"));
        await().atMost(SOON).until(() -> fixture.committed() == 50);
        assertThat(handler.started().stream().distinct()).hasSize(50);
    }

    @Test
    void a_failure_of_what_follows_a_failure_does_not_end_the_loop() {
        var handler = ScriptedHandler.quick();
        var failures = new AtomicInteger();
        var settings = fixture.settings();
        fixture.produce(50);
        fixture.start(
                settings,
                handler,
                () -> Meddling.before(fixture.newConsumer(settings), method -> {
                    if (method.equals("poll") && failures.incrementAndGet() == 3) {
                        // Of a partition that is not ours: to seek in it fails.
                        throw new OffsetOutOfRangeException(Map.of(new TopicPartition("elsewhere", 7), 50L));
                    }
                }));
        await().atMost(SOON).until(() -> fixture.committed() == 50);
        fixture.produce("one more");
        await().atMost(SOON).until(() -> handler.settled().contains("one more"));
    }

    @Test
    void records_that_retention_took_away_do_not_stall_the_partition() {
        var handler = ScriptedHandler.quick();
        fixture.produce(100);
        fixture.deleteBefore(60);
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> fixture.committed() == 100);
        assertThat(handler.settled()).hasSize(40);
    }

    @Test
    void the_loop_ticks_while_a_job_takes_long() {
        var end = new CountDownLatch(1);
        fixture.produce(1);
        var loop = fixture.start(fixture.settings(), ScriptedHandler.stubborn(end));
        await().atMost(SOON).until(() -> loop.snapshot().inFlight() == 1);
        var then = loop.snapshot().lastTurn();
        await().atMost(SOON).until(() -> loop.snapshot().lastTurn().isAfter(then.plusMillis(500)));
        end.countDown();
    }
}
