package outrider.bench.write;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Table;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;
import outrider.bench.write.arm.OutriderArm;
import outrider.bench.write.arm.Scope;

/// Whether the threshold that tunes itself picks the faster way: reports of sizes around it, each forced both ways.
final class Tuning {
    private static final int MIX = 10;
    private static final int LESSONS = 3;

    private final Rig rig;
    private final List<Integer> sizes;
    private final Samples<Cell> millis = new Samples<>();

    /// @param copy whether it was forced to go by COPY
    private record Cell(int size, boolean copy) {}

    Tuning(Rig rig, Scale scale) {
        this.rig = rig;
        this.sizes = scale.around();
    }

    void run(Figures figures) throws SQLException {
        int threshold;
        try (var keeper = new Keeper(rig.url());
                var unnest = new OutriderArm(
                        rig.url(),
                        false,
                        Map.of("copy.tune", "false", "copy.above-rows", "100000", "copy.above-bytes", "256MB"));
                var copy = new OutriderArm(rig.url(), false, Map.of("copy.tune", "false", "copy.above-rows", "1"));
                var tuned = new OutriderArm(rig.url(), false, Map.of())) {
            keeper.empty();
            for (int repetition = 0; repetition <= 2 * rig.repetitions(); repetition++) {
                Progress.say("tuning, repetition " + repetition);
                for (int size : sizes) {
                    keeper.settle();
                    for (int lesson = 0; lesson < LESSONS; lesson++) {
                        rescan(tuned, size);
                    }
                    double byUnnest = rescan(unnest, size);
                    double byCopy = rescan(copy, size);
                    keeper.awaitEmptySlots();
                    if (repetition > 0) { // the first warms up
                        millis.add(new Cell(size, false), byUnnest);
                        millis.add(new Cell(size, true), byCopy);
                    }
                }
            }
            threshold = tuned.threshold();
        }
        print(threshold);
        figures.put("threshold_regret_pct", regret(threshold));
    }

    /// A first report and a second of which a part has changed.
    private static double rescan(Arm arm, int size) throws SQLException {
        var first = new Batch(Scope.fresh(), 1, size, 0);
        var second = first.next(MIX);
        return Rig.millis(arm, List.of(first)) + Rig.millis(arm, List.of(second));
    }

    /// How much longer all sizes take together by the way the threshold picks for each than by the better one, in %.
    private double regret(int threshold) {
        double chosen = 0;
        double best = 0;
        for (int size : sizes) {
            double unnest = millis.of(new Cell(size, false)).median();
            double copy = millis.of(new Cell(size, true)).median();
            chosen += isCopied(size, threshold) ? copy : unnest;
            best += Math.min(unnest, copy);
        }
        return 100 * (chosen / best - 1);
    }

    /// The results of a report count too.
    private static boolean isCopied(int size, int threshold) {
        return new Batch(Scope.fresh(), 1, size, 0).lines().count() - 2 > threshold;
    }

    private void print(int threshold) {
        var table = new Table(
                        "Threshold between arrays and COPY",
                        "insights",
                        "arrays ms",
                        "range",
                        "COPY ms",
                        "range",
                        "picked")
                .note(
                        "A first report and a second with %d %% changed, forced either way. Tuned by the same reports, the threshold came to %,d lines."
                                .formatted(MIX, threshold));
        for (int size : sizes) {
            var unnest = millis.of(new Cell(size, false));
            var copy = millis.of(new Cell(size, true));
            table.row(
                    "%,d".formatted(size),
                    unnest.middle(),
                    unnest.range(),
                    copy.middle(),
                    copy.range(),
                    isCopied(size, threshold) ? "COPY" : "arrays");
        }
        table.print(rig.out());
    }
}
