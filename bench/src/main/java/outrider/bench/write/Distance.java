package outrider.bench.write;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Table;
import outrider.bench.write.arm.OutriderArm;
import outrider.bench.write.arm.RoundTripArm;
import outrider.bench.write.arm.SingleInsertArm;
import outrider.embedded.DelayingProxy;

/// Ten new insights written from far away.
final class Distance {
    private static final String TRIP = "round trip";
    private static final String SINGLE = "single INSERT, one row";
    private static final String TEN = "ours, ten new";
    private static final int[] MILLIS = {2, 20, 150};

    private final Rig rig;
    private final int calls;
    private final Samples<Cell> p50 = new Samples<>();

    private record Cell(int millis, String call) {}

    Distance(Rig rig, Scale scale) {
        this.rig = rig;
        this.calls = scale.small().distantCalls();
    }

    void run(Figures figures) throws SQLException {
        try (var keeper = new Keeper(rig.url());
                var proxy = DelayingProxy.to(rig.server().port(), Duration.ZERO)) {
            keeper.empty();
            String url = rig.server().through(proxy.port(), rig.url());
            try (var trip = new RoundTripArm(url);
                    var single = new SingleInsertArm(url);
                    var ours = new OutriderArm(url, false, Map.of())) {
                var all = new Calls()
                        .kind(TRIP, trip, 1, () -> Scopes.fresh(1, 1))
                        .kind(SINGLE, single, 1, () -> Scopes.fresh(1, 1))
                        .kind(TEN, ours, 1, () -> Scopes.fresh(1, Small.TEN));
                all.measure(20 * calls, new Samples<>()); // warms up, without a distance
                for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
                    keeper.settle();
                    for (int millis : MILLIS) {
                        Progress.say("distance %d ms, repetition %d".formatted(millis, repetition));
                        proxy.delay(Duration.ofMillis(millis).dividedBy(2));
                        measure(all, millis);
                    }
                }
            }
        }
        print();
        figures.put("ten_rows_at_2ms_rtt_vs_single_insert", over(2, TEN, SINGLE));
        figures.put("ten_rows_at_150ms_rtt_in_rtts", over(150, TEN, TRIP));
    }

    private void measure(Calls all, int millis) throws SQLException {
        var medians = new Samples<String>();
        all.measure(Math.max(calls, 400 / millis), medians);
        medians.medians().forEach((call, median) -> p50.add(new Cell(millis, call), median));
    }

    private double over(int millis, String call, String other) {
        return p50.of(new Cell(millis, call)).over(p50.of(new Cell(millis, other)));
    }

    private void print() {
        var table = new Table("Small reports from far away", "distance", "call", "p50 ms", "range", "round trips")
                .note(
                        "A proxy holds every byte back for half the distance in each direction; round trips are counted in"
                                + " that of a `select 1` through it. %d repetitions.".formatted(rig.repetitions()));
        p50.forEach((cell, spread) -> table.row(
                cell.millis + " ms",
                cell.call,
                Table.exact(spread.median()),
                spread.range(),
                Table.exact(over(cell.millis, cell.call, TRIP))));
        table.print(rig.out());
    }
}
