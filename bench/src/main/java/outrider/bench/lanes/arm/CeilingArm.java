package outrider.bench.lanes.arm;

import java.util.concurrent.Semaphore;

/// A bare consumer that starts a virtual thread for each record under a semaphore and never commits: what a
/// runtime that keeps its promises is measured against.
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
        var permits = new Semaphore(feed.cap());
        return Loops.start(
                this,
                Clients.single(feed, POLL),
                consumer -> Workers.startEach(work, consumer.poll(Clients.POLL), permits));
    }
}
