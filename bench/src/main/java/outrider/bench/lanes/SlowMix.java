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

/// What one slow job in a hundred does to everybody else: how many jobs each arm completes per second among
/// them.
final class SlowMix {
    private static final String TOPIC = "slow-mix";

    private final Rig rig;
    private final Scale.Mix scale;
    private final Feed feed;
    private final Arm ours = new LaneArm();
    private final Arm sequential = new SequentialArm();
    private final Arm barrier = BarrierArm.single();
    private final Arm barrierPerPartition = BarrierArm.perPartition();
    private final List<Group> groups = new ArrayList<>();

    /// Arms that run at the same time. Those that wait for slow jobs are idle nearly always and disturb nobody.
    private record Group(List<Arm> arms, Scale.Span span) {}

    SlowMix(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale.mix();
        this.feed = rig.feed(TOPIC, this.scale.partitions(), this.scale.cap());
        var waiting = List.of(
                sequential, barrier, barrierPerPartition, new AsyncAcksArm(), new ShareArm(this.scale.shareMembers()));
        var flowing = scale.everything()
                ? List.of(new ConfluentArm(this.scale.cap()), new CeilingArm(), ours)
                : List.of(ours);
        groups.add(new Group(waiting, this.scale.waiting()));
        flowing.forEach(arm -> groups.add(new Group(List.of(arm), this.scale.flowing())));
    }

    void run(Figures figures) throws InterruptedException {
        rig.topics().create(TOPIC, scale.partitions());
        rig.topics().fill(TOPIC, scale.partitions(), 0, scale.records(), this::job);
        var results = new Windows(
                groups.stream().map(Group::arms).flatMap(List::stream).toList());
        for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
            for (var group : groups) {
                rig.progress("slow mix, repetition %d: %s"
                        .formatted(
                                repetition, group.arms.stream().map(Arm::name).toList()));
                results.add(new Window(scale.records(), group.span).measure(rig, group.arms, feed));
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
                .note("The cap allows %,.0f jobs/s in the long run.".formatted(scale.longRun()))
                .note("The first %d arms, which mostly wait, ran at the same time, each in a group of its own."
                        .formatted(groups.getFirst().arms.size()))
                .note("They were counted over %s, the others over %s: whole waves of slow jobs."
                        .formatted(scale.waiting(), scale.flowing()));
        results.rows(table, feed);
        table.print(rig.out());
    }
}
