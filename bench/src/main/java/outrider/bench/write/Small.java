package outrider.bench.write;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Table;
import outrider.bench.write.arm.AddBatchArm;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.OutriderArm;
import outrider.bench.write.arm.PerRowArm;
import outrider.bench.write.arm.RoundTripArm;
import outrider.bench.write.arm.SingleInsertArm;
import outrider.bench.write.arm.UnnestArm;

/// Reports of ten insights on loopback: the time from call to answer, beside that of one bare INSERT with its commit.
final class Small {
    static final int TEN = 10;

    private static final String SINGLE = "single INSERT, one row (floor)";
    private static final String UNCHANGED = "ours, ten unchanged";
    private static final String NEW = "ours, ten new in a new scope";
    private static final String MANY_UNCHANGED = "ours, 100 reports of ten unchanged in one request";
    private static final String MANY_NEW = "ours, 100 reports of ten new in one request";
    private static final int REPORTS = 100;
    private static final int PER_BLOCK = 25;

    private final Rig rig;
    private final Scale.Small scale;
    private final Samples<String> p50 = new Samples<>();

    Small(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale.small();
    }

    void run(Figures figures) throws SQLException {
        try (var keeper = new Keeper(rig.url());
                var single = new SingleInsertArm(rig.url());
                var trip = new RoundTripArm(rig.url());
                var perRow = new PerRowArm(rig.url(), false);
                var batch = new AddBatchArm(rig.url(), false);
                var unnest = new UnnestArm(rig.url(), false);
                var ours = new OutriderArm(rig.url(), false, Map.of())) {
            keeper.empty();
            var calls = ours(new Calls().kind(SINGLE, single, PER_BLOCK, () -> Scopes.fresh(1, 1)), ours)
                    .kind("select 1", trip, PER_BLOCK, () -> Scopes.fresh(1, 1));
            for (var rival : List.of(perRow, batch, unnest)) {
                calls.kind(rival.name() + ", ten new", rival, PER_BLOCK, () -> Scopes.fresh(1, TEN));
            }
            calls.measure(scale.blocks(), new Samples<>()); // warms up
            for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
                Progress.say("small, repetition " + repetition);
                keeper.settle();
                calls.measure(scale.blocks(), p50);
            }
        }
        print();
        figures.put("ten_unchanged_p50_vs_single_insert", over(UNCHANGED));
        figures.put("ten_new_p50_vs_single_insert", over(NEW));
        figures.put("coalesced_report_vs_single_insert", over(MANY_UNCHANGED) / REPORTS);
    }

    private Calls ours(Calls calls, Arm ours) throws SQLException {
        var known = new Scopes(ours, scale.scopes(), TEN);
        return calls.kind(UNCHANGED, ours, PER_BLOCK, () -> known.next(1))
                .kind(NEW, ours, PER_BLOCK, () -> Scopes.fresh(1, TEN))
                .kind(MANY_UNCHANGED, ours, 1, () -> known.next(REPORTS))
                .kind(MANY_NEW, ours, 1, () -> Scopes.fresh(REPORTS, TEN));
    }

    private double over(String what) {
        return p50.of(what).over(p50.of(SINGLE));
    }

    private void print() {
        var table = new Table("Small reports on loopback", "call", "p50 ms", "range", "over single INSERT")
                .note(
                        "%d calls of each kind a repetition, a hundredth of that for requests of 100 reports; %d repetitions."
                                .formatted(scale.blocks() * PER_BLOCK, rig.repetitions()))
                .note(
                        "Unchanged reports take turns over %,d scopes. Rivals write only: no fence, no history, no resolve."
                                .formatted(scale.scopes()));
        p50.forEach((call, spread) ->
                table.row(call, Table.exact(spread.median()), spread.range(), Table.exact(over(call))));
        table.print(rig.out());
    }
}
