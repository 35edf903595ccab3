package outrider.lanes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// What a lane of this process looks like right now.
///
/// @param holds why nothing is admitted although the lane is running: cause to explanation
/// @param inFlight jobs that run or report, those in the overflow included
/// @param settledPerSecond over the last half minute or so
/// @param lastTurn when the poll thread last came around: the loop is alive if that is recent, however old a job is
/// @param lastCommit null before the first
public record LaneSnapshot(
        String lane,
        LaneState state,
        SortedMap<String, String> holds,
        int permits,
        int inFlight,
        int overflow,
        double settledPerSecond,
        Instant lastTurn,
        @Nullable Instant lastCommit,
        List<Partition> partitions) {

    /// One partition that this process owns.
    ///
    /// @param frontier the lowest unsettled offset, else the position; -1 when not known yet
    /// @param unsettled polled and not settled, those buffered included
    /// @param lag not polled yet
    /// @param frontierAge how long the record at the frontier has been here; zero when nothing is unsettled
    public record Partition(
            String topic,
            int partition,
            long frontier,
            long position,
            int unsettled,
            int buffered,
            long lag,
            Duration frontierAge) {}

    /// One job in flight.
    ///
    /// @param label what its handler says it is about
    /// @param since when it got its permit
    /// @param reporting whether it has its result and is making it durable
    public record InFlightJob(
            String topic,
            int partition,
            long offset,
            String key,
            String label,
            int attempt,
            Instant since,
            boolean reporting) {}

    /// Records of the lane that are not settled, as far as this process knows.
    public long backlog() {
        return partitions.stream().mapToLong(p -> p.lag() + p.unsettled()).sum();
    }

    /// The age of the oldest unsettled record here.
    public Duration oldest() {
        return partitions.stream()
                .map(Partition::frontierAge)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
