package outrider.bench.lanes;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import outrider.bench.ChildJvm;
import outrider.bench.lanes.arm.Feed;
import outrider.bench.lanes.arm.LaneArm;
import outrider.bench.lanes.arm.Work;

/// A process that tells its used heap after a few jobs and again after many, while one job runs all the time.
final class HourChild {
    private HourChild() {}

    static ChildJvm start(Feed feed, int few, int many) {
        return ChildJvm.start(
                HourChild.class,
                "512m",
                feed.bootstrap(),
                feed.topic(),
                feed.group(),
                Integer.toString(feed.cap()),
                Integer.toString(few),
                Integer.toString(many));
    }

    static void main(String[] arguments) throws IOException, InterruptedException {
        var feed = new Feed(arguments[0], arguments[1], arguments[2], 1, Integer.parseInt(arguments[3]));
        int few = Integer.parseInt(arguments[4]);
        int many = Integer.parseInt(arguments[5]);
        var done = new AtomicInteger();
        var fewDone = new CountDownLatch(1);
        var manyDone = new CountDownLatch(1);
        Work work = value -> {
            Payload.decode(value).work();
            int now = done.incrementAndGet();
            if (now == few) {
                fewDone.countDown();
            } else if (now == many) {
                manyDone.countDown();
            }
        };
        try (var run = new LaneArm().start(feed, work)) {
            fewDone.await();
            ChildJvm.answer(usedHeap());
            manyDone.await();
            ChildJvm.answer(usedHeap());
            ChildJvm.awaitEnd();
        }
    }

    /// In bytes, when the last jobs are settled and committed and the garbage is gone.
    private static long usedHeap() throws InterruptedException {
        TimeUnit.SECONDS.sleep(2);
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
