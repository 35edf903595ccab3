package outrider.bench.lanes;

import java.util.List;
import outrider.bench.lanes.arm.Arm;
import outrider.bench.lanes.arm.AsyncAcksArm;
import outrider.bench.lanes.arm.BarrierArm;
import outrider.bench.lanes.arm.CeilingArm;
import outrider.bench.lanes.arm.ConfluentArm;
import outrider.bench.lanes.arm.Feed;
import outrider.bench.lanes.arm.LaneArm;
import outrider.bench.lanes.arm.SequentialArm;
import outrider.bench.lanes.arm.ShareArm;

/// How fast each arm goes on, once it runs, with jobs of 100 ms: a full run only.
final class SteadyState {
    private static final String TOPIC = "steady";
    private static final int MILLIS = 100;

    private final Rig rig;
    private final Scale.Steady scale;
    private final Scale.Grid size;
    private final Feed feed;
    private final Window window;
    private final List<Arm> arms;

    SteadyState(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale.steady();
        this.size = scale.grid();
        this.feed = rig.feed(TOPIC, size.partitions(), size.cap());
        this.window = new Window(this.scale.records(), this.scale.span());
        this.arms = List.of(
                new SequentialArm(),
                BarrierArm.single(),
                BarrierArm.perPartition(),
                new AsyncAcksArm(),
                new ConfluentArm(100),
                new ConfluentArm(1_000),
                new ShareArm(size.shareMembers()),
                new CeilingArm(),
                new LaneArm());
    }

    void run() throws InterruptedException {
        rig.progress("steady state: filling the topic");
        rig.topics().create(TOPIC, size.partitions());
        rig.topics()
                .fill(TOPIC, size.partitions(), 0, scale.records(), number -> new Payload(number, MILLIS, 0).encode());
        var results = new Windows(arms);
        for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
            for (var arm : arms) {
                rig.progress("steady state, repetition %d: %s".formatted(repetition, arm.name()));
                results.add(window.measure(rig, List.of(arm), feed));
            }
        }
        rig.topics().delete(TOPIC);
        var table = Windows.table("Steady state")
                .note("Jobs of %d ms on %d partitions, at most %,d at once, %d repetitions."
                        .formatted(MILLIS, size.partitions(), size.cap(), rig.repetitions()))
                .note("Counted over %s.".formatted(scale.span()));
        results.rows(table, feed);
        table.print(rig.out());
    }
}
