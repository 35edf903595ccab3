package outrider.checker.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {

    private static final long QUICK = Duration.ofMillis(20).toNanos();
    private static final long SLOW = 3 * QUICK;

    Concurrency concurrency = new Concurrency(8, Duration.ofHours(1));
    CompletableFuture<Concurrency.Slot> waiter = new CompletableFuture<>();

    @AfterEach
    void stop() {
        waiter.cancel(true);
    }

    @Test
    void halves_with_each_failure_and_opens_by_one_with_each_prompt_answer() throws InterruptedException {
        var slot = concurrency.acquire();
        IntStream.range(0, 5).forEach(i -> slot.failed());
        assertThat(concurrency.limit()).isEqualTo(1);

        IntStream.range(0, 3).forEach(i -> slot.answered(1, QUICK));
        assertThat(concurrency.limit()).isEqualTo(4);
        IntStream.range(0, 20).forEach(i -> slot.answered(1, QUICK));
        assertThat(concurrency.limit()).isEqualTo(8);
    }

    @Test
    void narrows_when_all_answers_slow_down_while_others_wait_to_send() throws InterruptedException {
        var slot = fill();
        slot.answered(1, QUICK);

        answerRounds(slot, 2, 1);

        assertThat(concurrency.limit()).isEqualTo(2);
    }

    @Test
    void stays_when_only_half_of_the_answers_are_slow() throws InterruptedException {
        var slot = fill();

        IntStream.range(0, 10 * Concurrency.ROUND).forEach(i -> slot.answered(1, i % 2 == 0 ? QUICK : 50 * QUICK));

        assertThat(concurrency.limit()).isEqualTo(8);
    }

    @Test
    void stays_when_nobody_waits_to_send() throws InterruptedException {
        var slot = concurrency.acquire();
        slot.answered(1, QUICK);

        answerRounds(slot, 2, 1);

        assertThat(concurrency.limit()).isEqualTo(8);
    }

    @Test
    void does_not_hold_it_against_a_large_request_that_it_takes_longer_than_a_small_one() throws InterruptedException {
        var slot = fill();
        slot.answered(1, QUICK);

        answerRounds(slot, 2, 200);

        assertThat(concurrency.limit()).isEqualTo(8);
    }

    @Test
    void forgets_how_quick_answers_once_were() throws InterruptedException {
        var slot = fill();
        slot.answered(1, QUICK);

        answerRounds(slot, 100, 1);

        assertThat(concurrency.limit()).isEqualTo(8);
    }

    @Test
    void late_requests_hold_a_quarter_of_a_place() throws InterruptedException {
        concurrency = new Concurrency(1, Duration.ofMillis(1));
        for (var i = 0; i < 4; i++) {
            concurrency.acquire();
        }

        waitInLine();

        await().during(Duration.ofMillis(50)).until(() -> !waiter.isDone());
    }

    private Concurrency.Slot fill() throws InterruptedException {
        var slot = concurrency.acquire();
        for (var i = 1; i < 8; i++) {
            concurrency.acquire();
        }
        waitInLine();
        await().until(() -> concurrency.waiting() == 1);
        return slot;
    }

    private void waitInLine() {
        Thread.ofVirtual().start(() -> {
            try {
                waiter.complete(concurrency.acquire());
            } catch (InterruptedException e) {
                waiter.completeExceptionally(e);
            }
        });
    }

    private static void answerRounds(Concurrency.Slot slot, int rounds, int reports) {
        IntStream.range(0, rounds * Concurrency.ROUND).forEach(i -> slot.answered(reports, SLOW));
    }
}
