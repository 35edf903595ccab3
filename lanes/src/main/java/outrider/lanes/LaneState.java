package outrider.lanes;

/// What an operator wants of a lane.
public enum LaneState {
    /// Takes and runs jobs.
    RUNNING,
    /// Starts nothing; jobs in flight go on.
    PAUSED,
    /// Takes nothing new but runs what it already holds, until nothing is unsettled.
    DRAINING
}
