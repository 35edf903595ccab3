package outrider.bench.write;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;
import outrider.bench.write.arm.CopyTempArm;
import outrider.bench.write.arm.OutriderArm;
import outrider.bench.write.arm.PerRowArm;
import outrider.bench.write.arm.RawCopyArm;
import outrider.bench.write.arm.Scope;

/// One report of half a million insights: the first of its scope, then re-scans, beside a raw COPY of as many rows.
final class Large {
    private static final int WARM_UPS = 3;
    private static final String RAW = "raw COPY, all new (ceiling)";
    private static final String NEW = "ours, all new";
    private static final String UNCHANGED = "ours, unchanged";
    private static final String CHANGED = "ours, 1 % changed";
    private static final String HASH_FIRST = "ours, hash-first, 1 % changed";
    private static final String TEMP = "COPY to a temp table, 1 % changed";

    private final Rig rig;
    private final Scale scale;
    private final Costs costs = new Costs();

    Large(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale;
    }

    void run(Figures figures) throws SQLException, IOException {
        try (var keeper = new Keeper(rig.url());
                var raw = new RawCopyArm(rig.url());
                var temp = new CopyTempArm(rig.url(), false);
                var perRow = new PerRowArm(rig.url(), false);
                var ours = new OutriderArm(rig.url(), false, Map.of());
                var hashFirst = new OutriderArm(rig.url(), true, Map.of())) {
            warmUp(keeper, List.of(raw, temp, perRow), List.of(ours, hashFirst));
            for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
                Progress.say("large, repetition " + repetition);
                var first = new Batch(Scope.fresh(), 1, scale.largest(), 0);
                var changed = first.next(1);
                keeper.empty();
                add(RAW, keeper, raw, first);
                keeper.vacuum();
                add(TEMP, keeper, temp, changed);
                keeper.empty();
                add(perRow(), keeper, perRow, new Batch(Scope.fresh(), 1, scale.perRow(), 0));
                keeper.empty();
                add(NEW, keeper, ours, first);
                keeper.vacuum();
                add(CHANGED, keeper, ours, changed);
                keeper.vacuum();
                var again = changed.next(1);
                add(HASH_FIRST, keeper, hashFirst, again);
                keeper.vacuum();
                add(UNCHANGED, keeper, ours, again.again());
            }
        }
        print();
        figures(figures);
    }

    /// All the code of all arms, with reports that are not worth measuring.
    private void warmUp(Keeper keeper, List<Arm> rivals, List<Arm> ours) throws SQLException {
        Progress.say("large, warm-up");
        for (int round = 0; round < WARM_UPS; round++) {
            keeper.empty();
            for (var rival : rivals) {
                rival.write(List.of(new Batch(Scope.fresh(), 1, scale.perRow(), 0)));
            }
            var report = new Batch(Scope.fresh(), 1, 2 * scale.perRow(), 0);
            ours.getFirst().write(List.of(report));
            for (var arm : ours) {
                report = report.next(1);
                arm.write(List.of(report));
            }
            keeper.awaitEmptySlots();
        }
    }

    private void add(String what, Keeper keeper, Arm arm, Batch report) throws SQLException, IOException {
        costs.add(what, Cost.of(rig, keeper, arm, report));
    }

    private String perRow() {
        return "upsert per row, %,d new".formatted(scale.perRow());
    }

    private void figures(Figures figures) {
        var ceiling = costs.seconds(RAW);
        var all = costs.seconds(NEW);
        figures.put("new_500k_vs_raw_copy", ceiling.over(all));
        figures.put("changed1pct_500k_vs_raw_copy", ceiling.over(costs.seconds(CHANGED)));
        figures.put("hashfirst_1pct_500k_vs_raw_copy", ceiling.over(costs.seconds(HASH_FIRST)));
        figures.put("unchanged_500k_vs_raw_copy", ceiling.over(costs.seconds(UNCHANGED)));
        double times = (double) scale.largest() / scale.perRow();
        figures.put("vs_per_row_500k", costs.seconds(perRow()).over(all) * times);
        figures.put("vs_copy_temp_rescan", costs.seconds(TEMP).over(costs.seconds(CHANGED)));
        figures.put("wal_bytes_unchanged_500k", costs.log(UNCHANGED).median());
    }

    private void print() {
        var table = Costs.table("One report of %,d insights".formatted(scale.largest()), "raw COPY over this")
                .note(
                        "Rows come as a stream. A checkpoint before each write, a vacuum before each re-scan, %d repetitions."
                                .formatted(rig.repetitions()))
                .note(
                        "Ours fences, keeps history, resolves, and writes results and coverage too; the others write the insights only.");
        costs.print(rig, table, RAW);
    }
}
