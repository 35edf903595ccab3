package outrider.bench.write;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import outrider.bench.Progress;
import outrider.bench.Table;
import outrider.bench.write.arm.AddBatchArm;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;
import outrider.bench.write.arm.CopyTempArm;
import outrider.bench.write.arm.OutriderArm;
import outrider.bench.write.arm.PerRowArm;
import outrider.bench.write.arm.RawCopyArm;
import outrider.bench.write.arm.Scope;
import outrider.bench.write.arm.UnnestArm;
import outrider.embedded.DelayingProxy;

/// Every arm with every size and mix of one report, on tables that are empty or full, near and far. For no figure.
final class Grid {
    /// How many in a hundred have changed; empty: all are new.
    private static final List<OptionalInt> MIXES =
            List.of(OptionalInt.empty(), OptionalInt.of(0), OptionalInt.of(1), OptionalInt.of(10), OptionalInt.of(100));
    private static final int[] DISTANCES = {0, 2, 20, 150};

    /// What one by one may take; beyond, fewer rows are written and their time scaled.
    private static final int MOST_SECONDS_PER_ROW_ARM = 20;

    private final Rig rig;
    private final Scale scale;

    Grid(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale;
    }

    private record Cell(int size, String mix, String arm) {}

    void run() throws SQLException {
        cross(rig.url(), "an empty table");
        String full = rig.server().create("grid");
        Preloaded.load(full, "insights.insight", scale.preloaded());
        Preloaded.load(full, "rival.insight", scale.preloaded());
        cross(full, "a table of %,d rows".formatted(scale.preloaded()));
    }

    private void cross(String url, String where) throws SQLException {
        try (var keeper = new Keeper(url);
                var proxy = DelayingProxy.to(rig.server().port(), Duration.ZERO)) {
            for (int millis : DISTANCES) {
                proxy.delay(Duration.ofMillis(millis).dividedBy(2));
                // Near, there is nothing between.
                var arms = arms(millis == 0 ? url : rig.server().through(proxy.port(), url));
                try {
                    print(measure(keeper, url, arms, millis), arms, "%s, %d ms away".formatted(where, millis));
                } finally {
                    for (var arm : arms) {
                        arm.close();
                    }
                }
            }
        }
    }

    private static List<Arm> arms(String url) throws SQLException {
        var arms = new ArrayList<Arm>(List.of(new RawCopyArm(url)));
        for (boolean promises : new boolean[] {false, true}) {
            arms.add(new PerRowArm(url, promises));
            arms.add(new AddBatchArm(url, promises));
            arms.add(new UnnestArm(url, promises));
            arms.add(new CopyTempArm(url, promises));
        }
        arms.add(new OutriderArm(url, false, Map.of()));
        arms.add(new OutriderArm(url, true, Map.of()));
        return arms;
    }

    private Samples<Cell> measure(Keeper keeper, String url, List<Arm> arms, int millis) throws SQLException {
        var samples = new Samples<Cell>();
        try (var ceiling = new RawCopyArm(url);
                var ours = new OutriderArm(url, false, Map.of())) {
            for (int size : scale.sizes()) {
                for (var changed : mixes(size)) {
                    Progress.say("grid, %d ms away, %,d insights, %s".formatted(millis, size, mix(changed)));
                    for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
                        for (var arm : shuffled(arms, repetition)) {
                            if (arm instanceof RawCopyArm && changed.isPresent()) {
                                continue; // it knows no second report
                            }
                            int rows = arm instanceof PerRowArm ? perRow(size, millis) : size;
                            var loader = arm instanceof OutriderArm ? ours : ceiling;
                            samples.add(
                                    new Cell(size, mix(changed), arm.name()),
                                    time(keeper, arm, loader, rows, changed) * size / rows);
                        }
                    }
                }
            }
        }
        return samples;
    }

    /// In milliseconds, and nothing is left of it.
    private static double time(Keeper keeper, Arm arm, Arm loader, int rows, OptionalInt changed) throws SQLException {
        var report = new Batch(Scope.fresh(), 1, rows, 0);
        if (changed.isPresent()) {
            loader.write(List.of(report));
            report = report.next(changed.getAsInt());
        }
        keeper.settle();
        double took = Rig.millis(arm, List.of(report));
        keeper.awaitEmptySlots();
        keeper.forget(report.scope().account());
        return took;
    }

    /// Those that change whole insights.
    private static List<OptionalInt> mixes(int size) {
        return MIXES.stream()
                .filter(changed -> changed.isEmpty() || (long) size * changed.getAsInt() % 100 == 0)
                .toList();
    }

    private static List<Arm> shuffled(List<Arm> arms, int repetition) {
        var order = new ArrayList<>(arms);
        // Nobody always comes after the same neighbour.
        Collections.shuffle(order, new Random(repetition));
        return order;
    }

    private static String mix(OptionalInt changed) {
        return changed.isEmpty() ? "all new" : changed.getAsInt() + " % changed";
    }

    private static int perRow(int size, int millis) {
        return Math.min(size, MOST_SECONDS_PER_ROW_ARM * 1_000 / Math.max(1, millis));
    }

    private void print(Samples<Cell> samples, List<Arm> arms, String where) {
        var table = new Table("Grid: one report into " + where, "insights", "mix", "arm", "ms", "range")
                .note("Upserts per row are measured on what takes about %d s at most and scaled. %d repetitions."
                        .formatted(MOST_SECONDS_PER_ROW_ARM, rig.repetitions()));
        arms.forEach(arm -> table.note(arm.name() + ": " + arm.settings() + "."));
        samples.forEach((cell, spread) -> table.row(
                "%,d".formatted(cell.size), cell.mix, cell.arm, Table.exact(spread.median()), spread.range()));
        table.print(rig.out());
    }
}
