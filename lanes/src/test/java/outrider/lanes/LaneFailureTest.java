package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.lanes.LaneFixture.SOON;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LaneFailureTest {
    private final LaneFixture fixture = new LaneFixture(1);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void a_job_that_fails_three_times_becomes_a_dead_letter_with_its_story() {
        var handler = new ScriptedHandler((value, job) -> {
            throw new IllegalStateException("broken at attempt " + job.attempt());
        });
        fixture.produce("job", "traceparent", "00-abc");
        fixture.start(fixture.settings(), handler);
        var dead = fixture.read(fixture.topic + ".dead", 1).getFirst();
        assertThat(handler.runs("job")).isEqualTo(3);
        assertThat(new String(dead.value(), StandardCharsets.UTF_8)).isEqualTo("job");
        assertThat(header(dead, LaneHeaders.DEAD_REASON)).isEqualTo("attempt 3 of 3 failed");
        assertThat(header(dead, LaneHeaders.DEAD_EXCEPTION))
                .isEqualTo("java.lang.IllegalStateException: broken at attempt 3");
        assertThat(header(dead, LaneHeaders.DEAD_TOPIC)).isEqualTo(fixture.topic + ".retry");
        assertThat(header(dead, LaneHeaders.DEAD_OFFSET)).isEqualTo("1");
        assertThat(header(dead, LaneHeaders.DEAD_ATTEMPTS)).isEqualTo("3");
        assertThat(header(dead, LaneHeaders.DEAD_LANE)).isEqualTo("fast");
        assertThat(header(dead, "traceparent")).isEqualTo("00-abc");
        await().atMost(SOON).until(() -> handler.moves().size() == 3);
    }

    @Test
    void a_retry_waits_for_its_time_and_then_succeeds() {
        var handler = new ScriptedHandler((value, job) -> {
            if (job.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
        });
        fixture.produce("job");
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> handler.settled().equals(List.of("job")));
        var waited = fixture.read(fixture.topic + ".retry", 1).getFirst();
        assertThat(header(waited, LaneHeaders.ATTEMPT)).isEqualTo("2");
        assertThat(header(waited, LaneHeaders.NOT_BEFORE)).isNotEmpty();
    }

    @Test
    void a_poison_pill_is_a_dead_letter_at_once_and_the_rest_goes_on() {
        var handler = new ScriptedHandler((value, job) -> {
            if (value.equals("poison")) {
                throw new PoisonJobException("not JSON", new IllegalArgumentException());
            }
        });
        fixture.produce("poison");
        fixture.produce(10);
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> handler.settled().size() == 10);
        var dead = fixture.read(fixture.topic + ".dead", 1).getFirst();
        assertThat(header(dead, LaneHeaders.DEAD_REASON)).isEqualTo("not JSON");
        assertThat(handler.runs("poison")).isEqualTo(1);
    }

    @Test
    void a_result_that_the_receiver_refuses_is_a_dead_letter_without_another_run() {
        var handler = ScriptedHandler.quick();
        fixture.produce("refuse me");
        fixture.start(fixture.settings(), handler);
        var dead = fixture.read(fixture.topic + ".dead", 1).getFirst();
        assertThat(header(dead, LaneHeaders.DEAD_REASON)).isEqualTo("the receiver refused it");
        assertThat(handler.runs("refuse me")).isEqualTo(1);
    }

    @Test
    void a_missing_dead_letter_topic_holds_the_job_until_it_is_there() {
        var base = fixture.settings();
        var elsewhere = fixture.topic + ".elsewhere";
        var settings = base.withRetry(new LaneSettings.Retry(
                base.retry().topic(), elsewhere, base.retry().delay(), 3));
        var handler = ScriptedHandler.quick();
        fixture.produce("refuse me");
        fixture.produce("job-0");
        var loop = fixture.start(settings, handler);
        await().atMost(SOON).until(() -> handler.settled().size() == 2);
        await().during(Duration.ofSeconds(1)).until(() -> loop.snapshot().inFlight() == 1);
        fixture.create(elsewhere, 1);
        await().atMost(SOON).until(() -> fixture.committed() == 2);
        assertThat(fixture.read(elsewhere, 1)).hasSize(1);
    }

    @Test
    void past_its_hard_budget_a_job_is_interrupted_and_its_handler_says_what_came_of_it() {
        var handler = new ScriptedHandler((value, job) -> new CountDownLatch(1).await());
        fixture.produce("endless");
        fixture.start(hardBudget(Duration.ofMillis(200)), handler);
        await().atMost(SOON).until(() -> handler.settled().contains("timed out: endless"));
        await().atMost(SOON).until(() -> fixture.committed() == 1);
    }

    @Test
    void the_budget_of_a_job_shortens_that_of_its_lane() {
        var handler = new ScriptedHandler((value, job) -> new CountDownLatch(1).await());
        fixture.produce("endless", "budget", "PT0.2S");
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> handler.settled().contains("timed out: endless"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"+1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "soon", ""
            })
    void a_retry_waits_no_longer_than_its_delay_whatever_its_header_says(String notBefore) {
        var handler = ScriptedHandler.quick();
        fixture.produceTo(fixture.topic + ".retry", "odd", "not-before", notBefore);
        fixture.produceTo(fixture.topic + ".retry", "behind it");
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> handler.settled().containsAll(List.of("odd", "behind it")));
    }

    @Test
    void workers_that_ignore_their_interrupt_keep_a_quarter_of_the_permits_at_most() {
        var permits = new Permits(8, 0);
        for (int i = 0; i < 5; i++) {
            permits.abandon();
        }
        for (int i = 0; i < 6; i++) {
            assertThat(permits.tryAcquire()).isTrue();
        }
        assertThat(permits.tryAcquire()).isFalse();

        for (int i = 0; i < 5; i++) {
            permits.comeBack();
        }
        assertThat(permits.tryAcquire()).isTrue();
    }

    @Test
    void a_handler_that_fails_to_measure_costs_its_job_nothing() {
        var handler = new ScriptedHandler((value, job) -> {}) {
            @Override
            public void measured(Job job, Runnable recording) {
                throw new IllegalStateException("no trace here");
            }
        };
        fixture.produce(3);
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> fixture.committed() == 3);
        assertThat(handler.settled()).hasSize(3);
    }

    @Test
    void a_job_whose_end_fails_for_whatever_reason_is_ended_in_the_end() {
        var settings = fixture.settings();
        var tries = new AtomicInteger();
        fixture.produce("refuse me");
        fixture.start(settings, ScriptedHandler.quick(), () -> fixture.newConsumer(settings), () -> {
            if (tries.incrementAndGet() < 5) {
                throw new IllegalArgumentException("a setting of the producer");
            }
            return fixture.clients("fast").producer();
        });
        assertThat(fixture.read(fixture.topic + ".dead", 1)).hasSize(1);
        // The job itself, and its second attempt, which the first error has cost.
        await().atMost(SOON).until(() -> fixture.committed() == 2);
    }

    @Test
    void a_worker_that_ignores_its_interrupt_is_left_behind_and_its_result_is_dropped() {
        var end = new CountDownLatch(1);
        var handler = ScriptedHandler.stubborn(end);
        fixture.produce("stubborn");
        fixture.start(hardBudget(Duration.ofMillis(200)), handler);
        await().atMost(SOON).until(() -> fixture.committed() == 1);
        assertThat(abandoned()).isEqualTo(1);
        end.countDown();
        await().atMost(SOON).until(() -> abandoned() == 0);
        assertThat(handler.settled()).containsExactly("timed out: stubborn");
    }

    @Test
    void a_job_past_its_expiry_is_settled_without_running() {
        var handler = ScriptedHandler.quick();
        fixture.produce("old", "expires-at", "2020-01-01T00:00:00Z");
        fixture.produce("young", "expires-at", "2100-01-01T00:00:00Z");
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> handler.settled().size() == 2);
        assertThat(handler.settled()).containsExactlyInAnyOrder("expired: old", "young");
        assertThat(handler.runs("old")).isZero();
    }

    @Test
    void headers_that_nobody_can_read_count_as_absent() {
        var handler = ScriptedHandler.quick();
        fixture.produce("job", "expires-at", "soon", "budget", "-", "attempt", "first", "lane", "nowhere");
        fixture.start(fixture.settings(), handler);
        await().atMost(SOON).until(() -> handler.settled().contains("job"));
    }

    @Test
    void a_record_of_a_megabyte_can_become_a_dead_letter() {
        var handler = new ScriptedHandler((value, job) -> {
            throw new PoisonJobException("too much", new IllegalArgumentException());
        });
        fixture.produce("x".repeat(1_000_000));
        fixture.start(fixture.settings(), handler);
        assertThat(fixture.read(fixture.topic + ".dead", 1).getFirst().serializedValueSize())
                .isEqualTo(1_000_000);
    }

    private LaneSettings hardBudget(Duration hard) {
        return fixture.settings().withBudget(new LaneSettings.Budget(hard, hard, Duration.ofMillis(300)));
    }

    private double abandoned() {
        return fixture.registry.get("lane.abandoned").gauge().value();
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return LaneHeaders.text(record, name).orElse("");
    }
}
