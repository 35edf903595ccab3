package outrider.bench.lanes;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;
import outrider.bench.Topics;
import outrider.bench.lanes.arm.Feed;

/// What the workloads of one run share.
///
/// @param out where the tables go; how far it is goes to the error stream
record Rig(String bootstrap, Topics topics, PrintStream out, int repetitions) {
    private static final long BEGUN = System.nanoTime();
    private static final AtomicInteger GROUPS = new AtomicInteger();

    /// The topic, for a group that has never read it.
    Feed feed(String topic, int partitions, int cap) {
        return new Feed(bootstrap, topic, "bench-" + GROUPS.incrementAndGet(), partitions, cap);
    }

    void progress(String what) {
        System.err.printf("%4d s  %s%n", (System.nanoTime() - BEGUN) / 1_000_000_000, what);
    }
}
