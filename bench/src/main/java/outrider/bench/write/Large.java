package outrider.bench.write;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Spread;
import outrider.bench.Table;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;
import outrider.bench.write.arm.OutriderArm;
import outrider.bench.write.arm.RawCopyArm;
import outrider.bench.write.arm.Scope;

/// One report of half a million insights.
final class Large {
    private final Rig rig;
    private final int rows;
    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

    Large(Rig rig, Scale scale) {
        this.rig = rig;
        this.rows = scale.largest();
    }

    void run(Figures figures) throws SQLException {
        try (var keeper = new Keeper(rig.url());
                var raw = new RawCopyArm(rig.url());
                var ours = new OutriderArm(rig.url(), false, Map.of());
                var hashFirst = new OutriderArm(rig.url(), true, Map.of())) {
            for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
                keeper.empty();
                var first = new Batch(Scope.fresh(), 1, rows, 0);
                time(keeper, "raw", raw, first);
                keeper.emptyRivals();
                time(keeper, "new", ours, first);
                keeper.vacuum();
                var second = first.next(0);
                keeper.settle();
                long log = keeper.log();
                time(keeper, "unchanged", ours, second);
                System.err.println("wal " + (keeper.log() - log));
                var third = second.next(1);
                time(keeper, "changed1", ours, third);
                var fourth = third.next(1);
                time(keeper, "hash1", hashFirst, fourth);
                var begin = System.nanoTime();
                keeper.awaitEmptySlots();
                System.err.println("emptying " + (System.nanoTime() - begin) / 1e6);
            }
        }
        var table = new Table("large", "what", "s", "range", "raw/");
        seconds.forEach((name, values) -> table.row(
                name,
                Spread.of(values).middle(),
                Spread.of(values).range(),
                "" + Spread.of(seconds.get("raw")).over(Spread.of(values))));
        table.print(rig.out());
    }

    private void time(Keeper keeper, String name, Arm arm, Batch report) throws SQLException {
        keeper.settle();
        System.gc();
        double took = Rig.millis(arm, report) / 1e3;
        Progress.say("large: %s %.2f s".formatted(name, took));
        seconds.computeIfAbsent(name, n -> new ArrayList<>()).add(took);
    }
}
