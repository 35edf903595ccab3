package outrider.bench.lanes;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.Stream;
import outrider.bench.Figures;
import outrider.bench.Spread;
import outrider.bench.Table;
import outrider.bench.lanes.arm.Arm;
import outrider.bench.lanes.arm.AsyncAcksArm;
import outrider.bench.lanes.arm.BarrierArm;
import outrider.bench.lanes.arm.CeilingArm;
import outrider.bench.lanes.arm.ConfluentArm;
import outrider.bench.lanes.arm.Feed;
import outrider.bench.lanes.arm.LaneArm;
import outrider.bench.lanes.arm.SequentialArm;
import outrider.bench.lanes.arm.ShareArm;

/// How fast each arm drains a topic that is already full, for jobs of several lengths.
final class Grid {
    private static final int WARM_UP_MILLIS = 1;

    /// A drain is over in a tenth of a second. The first ones of an arm measure the compiler, and more of it the more
    /// code the arm has.
    private static final int WARM_UPS = 5;

    private final Rig rig;
    private final Scale.Grid scale;
    private final Arm ceiling = new CeilingArm();
    private final Arm confluent1000 = new ConfluentArm(1_000);
    private final Arm ours = new LaneArm();
    private final SequencedMap<Cell, List<Drain>> drains = new LinkedHashMap<>();

    /// An arm at one length of job.
    private record Cell(int millis, Arm arm) {
        @Override
        public String toString() {
            return "%s at %d ms".formatted(arm.name(), millis);
        }
    }

    /// @param perSecond from the first job's start to the last job's end
    /// @param fromStart from the start of the arm, joining the group included
    /// @param cpuMicros what a job cost this process in processor time, joining the group included
    private record Drain(double perSecond, double fromStart, double cpuMicros, int repeated) {}

    Grid(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale.grid();
        cells(scale.everything()).forEach(cell -> drains.put(cell, new ArrayList<>()));
    }

    private Stream<Cell> cells(boolean everything) {
        var rivals = List.of(
                BarrierArm.single(),
                BarrierArm.perPartition(),
                new AsyncAcksArm(),
                new ConfluentArm(100),
                confluent1000,
                new ShareArm(scale.shareMembers()));
        var compared = List.of(ceiling, ours);
        if (everything) {
            var all = Stream.of(List.of(new SequentialArm()), rivals, compared)
                    .flatMap(List::stream)
                    .toList();
            return Stream.of(0, 1, 10, 100).flatMap(millis -> all.stream().map(arm -> new Cell(millis, arm)));
        }
        return Stream.concat(
                Stream.concat(rivals.stream(), compared.stream()).map(arm -> new Cell(10, arm)),
                compared.stream().map(arm -> new Cell(100, arm)));
    }

    void run(Figures figures) throws InterruptedException {
        Stream.concat(Stream.of(WARM_UP_MILLIS), drains.keySet().stream().map(Cell::millis))
                .distinct()
                .forEach(this::fill);
        for (int warmUp = 1; warmUp <= WARM_UPS; warmUp++) {
            for (var arm : drains.keySet().stream().map(Cell::arm).distinct().toList()) {
                rig.progress("grid, warm-up %d: %s".formatted(warmUp, arm.name()));
                drain(new Cell(WARM_UP_MILLIS, arm));
            }
        }
        for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
            var order = new ArrayList<>(drains.entrySet());
            // Nobody always comes after the same neighbour.
            Collections.shuffle(order, new Random(repetition));
            for (var cell : order) {
                rig.progress("grid, repetition %d: %s".formatted(repetition, cell.getKey()));
                drain(cell.getKey()).ifPresent(cell.getValue()::add);
            }
        }
        print();
        figures.put("vs_ceiling_10ms", rate(10, ours).over(rate(10, ceiling)));
        figures.put("vs_ceiling_100ms", rate(100, ours).over(rate(100, ceiling)));
        figures.put("vs_confluent1000_10ms", rate(10, ours).over(rate(10, confluent1000)));
    }

    private void fill(int millis) {
        String topic = feed(millis).topic();
        rig.topics().create(topic, scale.partitions());
        rig.topics()
                .fill(topic, scale.partitions(), 0, scale.records(), number -> new Payload(number, millis, 0).encode());
    }

    private Feed feed(int millis) {
        return rig.feed("grid-%dms".formatted(millis), scale.partitions(), scale.cap());
    }

    /// One run; empty when the arm does not get to the end in twice the time that one job after the other would
    /// take.
    private Optional<Drain> drain(Cell cell) throws InterruptedException {
        System.gc();
        var ledger = new Ledger(scale.records());
        var feed = rig.ready(cell.arm, feed(cell.millis));
        long cpu = processorTime();
        long start = System.nanoTime();
        boolean finished;
        try (var run = cell.arm.start(feed, ledger)) {
            finished = ledger.awaitAll(60 + 2L * scale.records() * cell.millis / scale.partitions() / 1_000);
            cpu = processorTime() - cpu;
        }
        if (!finished) {
            rig.progress("%s did %d of %d".formatted(cell, ledger.done(), scale.records()));
            return Optional.empty();
        }
        return Optional.of(new Drain(
                perSecond(ledger.firstStart(), ledger.lastEnd()),
                perSecond(start, ledger.lastEnd()),
                cpu / 1e3 / scale.records(),
                ledger.repeated()));
    }

    /// Of this process, in nanoseconds.
    private static long processorTime() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private double perSecond(long from, long to) {
        return scale.records() / ((to - from) / 1e9);
    }

    private Spread rate(int millis, Arm arm) {
        return Spread.of(drains.getOrDefault(new Cell(millis, arm), List.of()).stream()
                .map(Drain::perSecond)
                .toList());
    }

    private void print() {
        var table = new Table(
                        "Grid: draining a full topic",
                        "job",
                        "arm",
                        "jobs/s",
                        "range",
                        "with start",
                        "CPU µs/job",
                        "run twice",
                        "settings")
                .note("%,d records of 50 bytes on %d partitions, at most %,d jobs at once, %d repetitions."
                        .formatted(scale.records(), scale.partitions(), scale.cap(), rig.repetitions()))
                .note("jobs/s counts from the first job's start to the last job's end; ratios are made of it.")
                .note(
                        "\"with start\" counts from the start of the arm: joining the group is in it, as in the processor time.");
        drains.forEach((cell, runs) -> table.row(
                cell.millis + " ms",
                cell.arm.name(),
                rate(cell.millis, cell.arm).middle(),
                rate(cell.millis, cell.arm).range(),
                Spread.of(runs.stream().map(Drain::fromStart).toList()).middle(),
                Spread.of(runs.stream().map(Drain::cpuMicros).toList()).middle(),
                Integer.toString(runs.stream().mapToInt(Drain::repeated).sum()),
                cell.arm.settings(feed(cell.millis))));
        table.print(rig.out());
    }
}
