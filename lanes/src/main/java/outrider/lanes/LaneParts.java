package outrider.lanes;

import java.time.Clock;

/// What all jobs of a lane share.
record LaneParts<R>(
        LaneSettings settings,
        JobHandler<R> handler,
        Permits permits,
        TokenBucket handOffs,
        Forwarder forwarder,
        LaneMetrics metrics,
        Clock clock) {}
