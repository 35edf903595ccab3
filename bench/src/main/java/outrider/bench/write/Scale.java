package outrider.bench.write;

import java.util.List;

/// How much of everything a run does.
///
/// @param everything every arm in every cell
/// @param largest the insights of the largest report
/// @param perRow so many rows are upserted one by one, and their time scaled
/// @param preloaded the rows of a table that has been in use for long
/// @param budgetCalls large calls whose catalog rows are counted
record Scale(
        int repetitions,
        boolean everything,
        int largest,
        int perRow,
        int preloaded,
        int budgetCalls,
        Small small,
        List<Integer> around,
        List<Integer> sizes) {

    /// @param blocks short calls are dealt out in blocks of 25
    /// @param scopes those that are reported on in turn
    /// @param distantCalls of each kind at the longest distance
    record Small(int blocks, int scopes, int distantCalls) {}

    /// What the published figures need, in a quarter of an hour on two cores.
    static Scale quick() {
        return new Scale(
                3,
                false,
                500_000,
                20_000,
                10_000_000,
                100,
                new Small(20, 1_000, 10),
                List.of(1_000, 2_000, 5_000, 10_000, 20_000),
                List.of());
    }

    static Scale full() {
        var quick = quick();
        return new Scale(
                5,
                true,
                quick.largest,
                quick.perRow,
                quick.preloaded,
                1_000,
                new Small(80, 1_000, 40),
                quick.around,
                List.of(1, 10, 100, 1_000, 10_000, 100_000, 500_000));
    }

    /// Everything, tiny: whether it works, not how fast.
    static Scale smoke() {
        return new Scale(
                1,
                true,
                12_000,
                200,
                20_000,
                3,
                new Small(2, 200, 3),
                List.of(1_000, 2_000),
                List.of(1, 10, 100, 1_000));
    }
}
