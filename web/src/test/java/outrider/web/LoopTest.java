package outrider.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoopTest {

    private final AtomicInteger rounds = new AtomicInteger();

    @Test
    void follows_up_at_once_while_there_is_more() {
        var loop = started(Duration.ofDays(1), () -> rounds.incrementAndGet() < 5);

        await().untilAsserted(() -> assertThat(rounds).hasValue(5));
        loop.stop();
    }

    @Test
    void goes_on_after_a_failure() {
        var loop = started(Duration.ofMillis(1), () -> {
            if (rounds.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return false;
        });

        await().untilAsserted(() -> assertThat(rounds).hasValueGreaterThan(5));
        assertThat(loop.turning()).isTrue();
        loop.stop();
    }

    @Test
    void waits_ever_longer_while_rounds_fail_and_never_longer_than_15_seconds() {
        var loop = new Loop("test", Duration.ofMillis(500), () -> false);

        assertThat(IntStream.rangeClosed(1, 100).mapToObj(loop::pauseAfter))
                .startsWith(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8))
                .endsWith(Duration.ofSeconds(15))
                .isSorted();
    }

    @Test
    void lets_the_round_under_way_finish_when_it_stops() throws InterruptedException {
        var began = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var loop = started(Duration.ofDays(1), () -> {
            began.countDown();
            awaitUninterrupted(mayEnd);
            rounds.incrementAndGet();
            return false;
        });
        began.await();

        var stop = Thread.ofVirtual().start(loop::stop);
        mayEnd.countDown();
        stop.join();

        assertThat(rounds).hasValue(1);
        assertThat(loop.turning()).isFalse();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("The round was interrupted", e);
        }
    }

    private static Loop started(Duration pause, BooleanSupplier round) {
        var loop = new Loop("test", pause, round);
        loop.start();
        return loop;
    }
}
