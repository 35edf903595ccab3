package outrider.bench.lanes.arm;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.InterruptException;
import outrider.bench.BenchException;

/// Consumers, each polled by a platform thread of its own until closed.
final class Loops implements Arm.Run {
    private final List<Thread> threads;

    private Loops(List<Thread> threads) {
        this.threads = threads;
    }

    /// What is done over and over with one consumer: a poll, and what the arm makes of it.
    interface Turn<C> {
        void take(C consumer) throws InterruptedException;
    }

    /// @param consumers opens each consumer, on the thread that polls it
    static <C extends AutoCloseable> Loops start(Arm arm, Stream<Supplier<C>> consumers, Turn<C> turn) {
        return new Loops(consumers
                .map(open -> Thread.ofPlatform().name(arm.name()).daemon().start(() -> poll(open, turn)))
                .toList());
    }

    private static <C extends AutoCloseable> void poll(Supplier<C> open, Turn<C> turn) {
        try (var consumer = open.get()) {
            pollUntilInterrupted(consumer, turn);
        } catch (Exception e) {
            throw new BenchException("a consumer failed", e);
        }
    }

    private static <C> void pollUntilInterrupted(C consumer, Turn<C> turn) {
        try {
            while (true) {
                turn.take(consumer);
            }
        } catch (InterruptedException | InterruptException e) {
            // Else the consumer could not close.
            Thread.interrupted();
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
