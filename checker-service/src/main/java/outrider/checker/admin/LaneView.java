package outrider.checker.admin;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import outrider.lanes.LaneLoop;
import outrider.lanes.LaneSnapshot;
import outrider.scan.Lane;

/// What an operator sees of a lane: what is ordered of it everywhere, and how it does on the replica that answers.
///
/// @param permits per replica
/// @param orderedBy who last changed it, and when; null: nobody yet
/// @param replica the one that answers
/// @param here null when that replica does not run the lane
record LaneView(
        String lane,
        LaneOrder.State state,
        @Nullable Integer permits,
        @Nullable String orderedBy,
        @Nullable Instant orderedAt,
        String replica,
        @Nullable Here here) {

    /// The lane on one replica. Ages are in seconds.
    ///
    /// @param holds why nothing starts although the lane is running, by cause
    /// @param backlog not settled, in the partitions of this replica
    /// @param oldest the age of the oldest job that is not settled
    /// @param eta seconds until the backlog is gone at the present rate; null when nothing moves
    record Here(
            int inFlight,
            int overflow,
            Map<String, String> holds,
            long backlog,
            double oldest,
            double settledPerSecond,
            @Nullable Double eta,
            Instant lastTurn,
            @Nullable Instant lastCommit,
            List<Partition> partitions) {

        private static Here of(LaneSnapshot lane) {
            double rate = lane.settledPerSecond();
            return new Here(
                    lane.inFlight(),
                    lane.overflow(),
                    lane.holds(),
                    lane.backlog(),
                    lane.oldest().toMillis() / 1e3,
                    rate,
                    rate < 0.01 ? null : lane.backlog() / rate,
                    lane.lastTurn(),
                    lane.lastCommit(),
                    lane.partitions().stream().map(Partition::of).toList());
        }
    }

    /// One partition of this replica.
    record Partition(
            String topic, int partition, long frontier, double frontierAge, int unsettled, int buffered, long lag) {

        private static Partition of(LaneSnapshot.Partition partition) {
            return new Partition(
                    partition.topic(),
                    partition.partition(),
                    partition.frontier(),
                    partition.frontierAge().toMillis() / 1e3,
                    partition.unsettled(),
                    partition.buffered(),
                    partition.lag());
        }
    }

    static LaneView of(Lane lane, @Nullable LaneOrder order, @Nullable LaneLoop loop, String replica) {
        var ordered = order == null ? null : order.permits();
        return new LaneView(
                lane.id(),
                order == null ? LaneOrder.State.RUNNING : order.state(),
                ordered == null && loop != null
                        ? Integer.valueOf(loop.settings().permits())
                        : ordered,
                order == null ? null : order.by(),
                order == null ? null : order.at(),
                replica,
                loop == null ? null : Here.of(loop.snapshot()));
    }
}
