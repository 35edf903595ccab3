package outrider.bench.write;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Table;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;
import outrider.bench.write.arm.CopyTempArm;
import outrider.bench.write.arm.OutriderArm;
import outrider.bench.write.arm.Scope;

/// What large calls leave behind in the catalogs, by counting.
final class Budget {
    private static final int ROWS = 2_000;

    private final Rig rig;
    private final int calls;

    Budget(Rig rig, Scale scale) {
        this.rig = rig;
        this.calls = scale.budgetCalls();
    }

    void run(Figures figures) throws SQLException {
        Progress.say("budget");
        // Every report by COPY, however small.
        try (var keeper = new Keeper(rig.url());
                var ours = new OutriderArm(rig.url(), false, Map.of("copy.tune", "false", "copy.above-rows", "1"));
                var temp = new CopyTempArm(rig.url(), false)) {
            keeper.empty();
            double left = perCall(keeper, ours);
            double leftByTemp = perCall(keeper, temp);
            var table = new Table("Catalog rows inserted and deleted by a large call", "arm", "rows a call")
                    .note("%,d reports of %,d insights, one in a hundred changed.".formatted(calls, ROWS));
            table.row(ours.name(), Table.exact(left));
            table.row(temp.name(), Table.exact(leftByTemp));
            table.print(rig.out());
            figures.put("catalog_rows_per_call", left);
        }
    }

    private double perCall(Keeper keeper, Arm arm) throws SQLException {
        var report = new Batch(Scope.fresh(), 1, ROWS, 0);
        arm.write(List.of(report));
        report = report.next(1);
        arm.write(List.of(report));
        keeper.awaitEmptySlots();
        long before = keeper.catalogRows();
        for (int call = 0; call < calls; call++) {
            report = report.next(1);
            arm.write(List.of(report));
            keeper.awaitEmptySlots();
        }
        return (keeper.catalogRows() - before) / (double) calls;
    }
}
