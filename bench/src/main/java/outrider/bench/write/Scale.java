package outrider.bench.write;

/// How much of everything a run does.
///
/// @param largest the insights of the largest report
record Scale(int repetitions, boolean everything, int largest) {

    /// What the published figures need, in a quarter of an hour on two cores.
    static Scale quick() {
        return new Scale(3, false, 500_000);
    }

    static Scale full() {
        return new Scale(5, true, 500_000);
    }

    /// Everything, tiny: whether it works, not how fast.
    static Scale smoke() {
        return new Scale(1, true, 20_000);
    }
}
