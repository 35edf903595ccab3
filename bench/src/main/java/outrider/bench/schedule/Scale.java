package outrider.bench.schedule;

/// How much of everything a run does.
///
/// @param some scopes of the smaller population
/// @param many scopes of the larger one
/// @param perRound scopes that are claimed, or dispatched, in one round
/// @param respread assets whose interval is changed
/// @param imported lines of the import
/// @param underSnapshot scopes that are claimed while an old snapshot is held
record Scale(int repetitions, int some, int many, int perRound, int respread, int imported, int underSnapshot) {

    /// What the published figures need.
    static Scale quick() {
        return new Scale(3, 1_000_000, 10_000_000, 40_000, 100_000, 300_000, 500_000);
    }

    static Scale full() {
        return new Scale(5, 1_000_000, 10_000_000, 100_000, 100_000, 1_000_000, 500_000);
    }

    /// Everything, tiny: whether it works, not how fast.
    static Scale smoke() {
        return new Scale(1, 6_000, 12_000, 1_000, 2_000, 3_000, 1_000);
    }
}
