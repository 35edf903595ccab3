package outrider.bench.lanes;

import java.io.IOException;
import java.nio.file.Path;
import outrider.bench.ChildJvm;
import outrider.bench.lanes.arm.Feed;
import outrider.bench.lanes.arm.LaneArm;
import outrider.bench.lanes.arm.Work;

/// A process made to be killed: runs our arm and writes down every step before it takes the next.
final class CrashChild {
    private CrashChild() {}

    static ChildJvm start(Feed feed, Path log) {
        return ChildJvm.start(
                CrashChild.class,
                "256m",
                feed.bootstrap(),
                feed.topic(),
                feed.group(),
                Integer.toString(feed.partitions()),
                Integer.toString(feed.cap()),
                log.toString());
    }

    static void main(String[] arguments) throws IOException {
        var feed = new Feed(
                arguments[0],
                arguments[1],
                arguments[2],
                Integer.parseInt(arguments[3]),
                Integer.parseInt(arguments[4]));
        try (var log = new EventLog(Path.of(arguments[5]))) {
            Work work = value -> {
                var payload = Payload.decode(value);
                log.add(EventLog.Kind.STARTED, payload.number());
                payload.work();
                log.add(EventLog.Kind.ENDED, payload.number());
            };
            try (var run = new LaneArm().start(feed, work, consumer -> LoggedConsumer.of(consumer, log))) {
                ChildJvm.awaitEnd();
            }
        }
    }
}
