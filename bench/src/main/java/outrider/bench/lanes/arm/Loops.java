package outrider.bench.lanes.arm;

import java.util.List;
import org.apache.kafka.common.errors.InterruptException;

/// Poll loops, each on a platform thread of its own, until they are interrupted.
final class Loops implements Arm.Run {
    private final List<Thread> threads;

    private Loops(List<Thread> threads) {
        this.threads = threads;
    }

    /// A loop: opens its consumer, polls for ever, closes it.
    interface Loop {
        void run() throws InterruptedException;
    }

    static Loops start(Arm arm, List<Loop> loops) {
        return new Loops(loops.stream()
                .map(loop -> Thread.ofPlatform().name(arm.name()).daemon().start(() -> untilInterrupted(loop)))
                .toList());
    }

    private static void untilInterrupted(Loop loop) {
        try {
            loop.run();
        } catch (InterruptedException | InterruptException e) {
            // Closed.
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
