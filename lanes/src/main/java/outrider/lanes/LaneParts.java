package outrider.lanes;

import java.time.Clock;
import java.util.concurrent.ThreadFactory;

/// What all jobs of a lane share.
record LaneParts<R>(
        LaneSettings settings,
        JobHandler<R> handler,
        Permits permits,
        TokenBucket handOffs,
        Forwarder forwarder,
        LaneMetrics metrics,
        ThreadFactory threads,
        Clock clock) {}
