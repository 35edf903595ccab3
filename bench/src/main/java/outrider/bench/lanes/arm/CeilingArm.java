package outrider.bench.lanes.arm;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/// A bare consumer that starts a virtual thread for each record under a semaphore and never commits: what a runtime that
/// keeps its promises is measured against.
public final class CeilingArm implements Arm {
    private static final int POLL = 500;

    @Override
    public String name() {
        return "ceiling (no commits)";
    }

    @Override
    public String settings(Feed feed) {
        return "1 consumer, polls of %d, %d permits, commits nothing".formatted(POLL, feed.cap());
    }

    @Override
    public Run start(Feed feed, Work work) {
        return Loops.start(this, List.of(() -> loop(feed, work)));
    }

    private static void loop(Feed feed, Work work) throws InterruptedException {
        var permits = new Semaphore(feed.cap());
        try (var consumer = Clients.subscribed(feed, POLL)) {
            while (true) {
                Workers.startEach(work, consumer.poll(Duration.ofSeconds(1)), permits);
            }
        }
    }
}
