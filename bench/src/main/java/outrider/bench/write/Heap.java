package outrider.bench.write;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import outrider.bench.ChildJvm;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Spread;
import outrider.bench.Table;
import outrider.bench.write.arm.Batch;
import outrider.bench.write.arm.OutriderArm;
import outrider.bench.write.arm.Scope;

/// What one report of half a million insights needs in memory, in a JVM of its own.
final class Heap {
    private static final String SIZE = "256m";
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int WARM_UP = 20_000;

    private final Rig rig;
    private final int rows;

    Heap(Rig rig, Scale scale) {
        this.rig = rig;
        this.rows = scale.largest();
    }

    void run(Figures figures) throws SQLException {
        var extra = new ArrayList<Double>();
        for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
            Progress.say("heap, repetition " + repetition);
            try (var keeper = new Keeper(rig.url())) {
                keeper.empty();
            }
            try (var child = ChildJvm.start(Heap.class, SIZE, rig.url(), Integer.toString(rows))) {
                extra.add(Double.parseDouble(child.awaitAnswer()) / 1e6);
            }
        }
        var spread = Spread.of(extra);
        var table = new Table("Memory of one report of %,d insights".formatted(rows), "what", "MB", "range")
                .note(
                        "The most that is in use right after a full collection while it is written, less what was in use before, in a JVM of "
                                + SIZE + ".");
        table.row("extra heap", spread.middle(), spread.range());
        table.print(rig.out());
        figures.put("extra_heap_mb_500k", spread.median());
    }

    /// The child: url, number of insights.
    static void main(String[] arguments) throws SQLException, IOException, InterruptedException {
        try (var ours = new OutriderArm(arguments[0], false, Map.of())) {
            ours.write(List.of(new Batch(Scope.fresh(), 1, WARM_UP, 0)));
            var report = new Batch(Scope.fresh(), 1, Integer.parseInt(arguments[1]), 0);
            long before = inUse();
            var done = new AtomicBoolean();
            var highest = new long[1];
            var watch = Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    highest[0] = Math.max(highest[0], inUse());
                    LockSupport.parkNanos(BETWEEN_LOOKS);
                }
            });
            ours.write(List.of(report));
            done.set(true);
            watch.join();
            ChildJvm.answer(Math.max(0, highest[0] - before));
            ChildJvm.awaitEnd();
        }
    }

    private static long inUse() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
