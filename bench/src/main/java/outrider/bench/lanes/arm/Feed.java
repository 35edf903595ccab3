package outrider.bench.lanes.arm;

/// What an arm consumes.
///
/// @param group new for each run, so that every run starts at the beginning
/// @param cap how many jobs may run at once
public record Feed(String bootstrap, String topic, String group, int partitions, int cap) {

    public Feed {
        if (cap < partitions) {
            throw new IllegalArgumentException(
                    "a cap of %d leaves some of %d partitions none".formatted(cap, partitions));
        }
    }

    public Feed inGroup(String group) {
        return new Feed(bootstrap, topic, group, partitions, cap);
    }

    /// The cap, shared evenly.
    int capPerPartition() {
        return cap / partitions;
    }
}
