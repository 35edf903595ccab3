package outrider.bench.lanes;

import java.util.ArrayList;
import java.util.List;
import outrider.bench.Figures;
import outrider.bench.lanes.arm.Arm;
import outrider.bench.lanes.arm.AsyncAcksArm;
import outrider.bench.lanes.arm.BarrierArm;
import outrider.bench.lanes.arm.CeilingArm;
import outrider.bench.lanes.arm.ConfluentArm;
import outrider.bench.lanes.arm.Feed;
import outrider.bench.lanes.arm.LaneArm;
import outrider.bench.lanes.arm.SequentialArm;
import outrider.bench.lanes.arm.ShareArm;

/// What one slow job in a hundred does to everybody else: how many jobs each arm completes per second among them.
final class SlowMix {
    private static final String TOPIC = "slow-mix";

    private final Rig rig;
    private final Scale.Mix scale;
    private final Feed feed;
    private final Window window;
    private final Arm ours = new LaneArm();
    private final Arm sequential = new SequentialArm();
    private final Arm barrier = BarrierArm.single();
    private final Arm barrierPerPartition = BarrierArm.perPartition();

    /// Each at the same time; the arms within one wait for slow jobs nearly all the time and do not disturb each other.
    private final List<List<Arm>> groups = new ArrayList<>();

    SlowMix(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale.mix();
        this.feed = rig.feed(TOPIC, this.scale.partitions(), this.scale.cap());
        this.window = new Window(this.scale.records(), this.scale.warmUp(), this.scale.window());
        groups.add(List.of(
                sequential, barrier, barrierPerPartition, new AsyncAcksArm(), new ShareArm(this.scale.shareMembers())));
        if (scale.everything()) {
            groups.add(List.of(new ConfluentArm(this.scale.cap())));
            groups.add(List.of(new CeilingArm()));
        }
        groups.add(List.of(ours));
    }

    void run(Figures figures) throws InterruptedException {
        rig.topics().create(TOPIC, scale.partitions());
        rig.topics().fill(TOPIC, scale.partitions(), 0, scale.records(), this::job);
        var results = new Windows(groups.stream().flatMap(List::stream).toList());
        for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
            for (var group : groups) {
                rig.progress("slow mix, repetition %d: %s"
                        .formatted(repetition, group.stream().map(Arm::name).toList()));
                results.add(window.measure(rig, group, feed));
            }
        }
        rig.topics().delete(TOPIC);
        print(results);
        figures.put("vs_sequential_slow_mix", results.rate(ours).over(results.rate(sequential)));
        figures.put("vs_barrier_slow_mix", results.rate(ours).over(results.rate(barrier)));
        figures.put("vs_barrier_per_partition_slow_mix", results.rate(ours).over(results.rate(barrierPerPartition)));
    }

    private byte[] job(int number) {
        int millis = SlowJobs.isSlow(number) ? scale.slowMillis() : scale.fastMillis();
        return new Payload(number, millis, 0).encode();
    }

    private void print(Windows results) {
        var table = Windows.table("Slow mix")
                .note(
                        "One job in %d takes %d ms, the others %d ms; %d partitions, at most %,d jobs at once, %d repetitions."
                                .formatted(
                                        SlowJobs.ONE_IN,
                                        scale.slowMillis(),
                                        scale.fastMillis(),
                                        scale.partitions(),
                                        scale.cap(),
                                        rig.repetitions()))
                .note("Counted over %d s after a warm-up of %d s."
                        .formatted(scale.window().toSeconds(), scale.warmUp().toSeconds()))
                .note("Arms that mostly wait ran at the same time as each other, each in a group of its own: "
                        + groups.getFirst().stream().map(Arm::name).toList());
        results.rows(table, feed);
        table.print(rig.out());
    }
}
