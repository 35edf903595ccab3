package outrider.bench.lanes;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;
import outrider.bench.Progress;
import outrider.bench.Topics;
import outrider.bench.lanes.arm.Arm;
import outrider.bench.lanes.arm.Feed;

/// What the workloads of one run share.
///
/// @param out where the tables go; how far it is goes to the error stream
record Rig(String bootstrap, Topics topics, PrintStream out, int repetitions) {
    private static final AtomicInteger GROUPS = new AtomicInteger();

    /// A topic, which [#ready] gives a group to.
    Feed feed(String topic, int partitions, int cap) {
        return new Feed(bootstrap, topic, "", partitions, cap);
    }

    /// The feed for a run of that arm from the beginning: in a group that nobody has used.
    Feed ready(Arm arm, Feed feed) {
        var own = feed.inGroup("bench-" + GROUPS.incrementAndGet());
        arm.prepare(own, topics);
        return own;
    }

    void progress(String what) {
        Progress.say(what);
    }
}
