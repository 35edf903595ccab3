package outrider.bench.write;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import outrider.bench.Figures;
import outrider.bench.Spread;
import outrider.bench.Table;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;
import outrider.bench.write.arm.OutriderArm;
import outrider.bench.write.arm.Scope;
import outrider.bench.write.arm.SingleInsertArm;

/// Ten rows.
final class Small {
    private final Rig rig;
    private final Map<String, List<Double>> millis = new LinkedHashMap<>();
    private final Map<String, List<Double>> p50 = new LinkedHashMap<>();

    Small(Rig rig, Scale scale) {
        this.rig = rig;
    }

    void run(Figures figures) throws SQLException {
        try (var keeper = new Keeper(rig.url());
                var single = new SingleInsertArm(rig.url());
                var ours = new OutriderArm(rig.url(), false, Map.of())) {
            keeper.empty();
            var known = new ArrayList<Batch>();
            for (int i = 0; i < 200; i++) {
                known.add(new Batch(Scope.fresh(), 1, 10, 0));
                ours.write(List.of(known.getLast()));
            }
            for (int repetition = 0; repetition <= rig.repetitions(); repetition++) {
                millis.clear();
                keeper.settle();
                for (int block = 0; block < 20; block++) {
                    measure("single", single, () -> new Batch(Scope.fresh(), 1, 1, 0));
                    var n = new int[1];
                    measure("unchanged", ours, () -> {
                        var next = known.get(n[0]).next(0);
                        known.set(n[0]++, next);
                        return next;
                    });
                    measure("new", ours, () -> new Batch(Scope.fresh(), 1, 10, 0));
                    measure("select", keeper);
                }
                if (repetition > 0) {
                    millis.forEach((name, values) -> p50.computeIfAbsent(name, x -> new ArrayList<>())
                            .add(Spread.of(values).median()));
                }
            }
        }
        var table = new Table("small", "what", "ms", "range", "over single");
        p50.forEach((name, values) -> table.row(
                name,
                Spread.of(values).middle(),
                Spread.of(values).range(),
                "" + Spread.of(values).over(Spread.of(p50.get("single")))));
        table.print(rig.out());
    }

    private void measure(String name, Arm arm, Supplier<Batch> reports) throws SQLException {
        for (var report : Stream.generate(reports).limit(50).toList()) {
            millis.computeIfAbsent(name, n -> new ArrayList<>()).add(Rig.millis(arm, report));
        }
    }

    private void measure(String name, Keeper keeper) throws SQLException {
        for (int i = 0; i < 50; i++) {
            long begin = System.nanoTime();
            keeper.number("select 1");
            millis.computeIfAbsent(name, n -> new ArrayList<>()).add((System.nanoTime() - begin) / 1e6);
        }
    }
}
