package outrider.bench.lanes;

import java.util.ArrayList;
import java.util.List;
import outrider.bench.Figures;
import outrider.bench.Spread;
import outrider.bench.Table;
import outrider.bench.lanes.arm.Arm;
import outrider.bench.lanes.arm.LaneArm;

/// What one job that takes an hour costs in memory while others come and go on its partition.
final class HourLongJob {
    private static final int HOUR_MILLIS = 3_600_000;
    private static final int PERMITS = 256;

    private final Rig rig;
    private final Scale.Hour scale;
    private final Arm ours = new LaneArm();
    private final List<Double> afterFew = new ArrayList<>();
    private final List<Double> afterMany = new ArrayList<>();
    private final List<Double> growth = new ArrayList<>();

    HourLongJob(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale.hour();
    }

    void run(Figures figures) {
        for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
            rig.progress("hour-long job, repetition " + repetition);
            measure("hour-" + repetition);
        }
        print();
        figures.put("heap_mb_one_hour_job", Spread.of(growth).median());
    }

    private void measure(String topic) {
        rig.topics().create(topic, 1);
        // The second part is published only when the heap has been read, so that nothing is under way then.
        rig.topics().fill(topic, 1, 0, scale.few() + 1, HourLongJob::job);
        try (var child = HourChild.start(rig.ready(ours, rig.feed(topic, 1, PERMITS)), scale.few(), scale.many())) {
            double few = Long.parseLong(child.awaitAnswer()) / 1e6;
            rig.topics().fill(topic, 1, scale.few() + 1, scale.many() + 1, HourLongJob::job);
            double many = Long.parseLong(child.awaitAnswer()) / 1e6;
            afterFew.add(few);
            afterMany.add(many);
            growth.add(many - few);
        }
        rig.topics().delete(topic);
    }

    private static byte[] job(int number) {
        return new Payload(number, number == 0 ? HOUR_MILLIS : 0, 0).encode();
    }

    private void print() {
        var table = new Table("One hour-long job", "used heap", "MB", "range")
                .note("The first job of the only partition runs for an hour; %,d others complete, then more up to %,d."
                        .formatted(scale.few(), scale.many()))
                .note(ours.settings(rig.feed("hour", 1, PERMITS)) + ", in a JVM of 512 MiB.");
        row(table, "after %,d".formatted(scale.few()), afterFew);
        row(table, "after %,d".formatted(scale.many()), afterMany);
        row(table, "growth", growth);
        table.print(rig.out());
    }

    private static void row(Table table, String what, List<Double> megabytes) {
        var spread = Spread.of(megabytes);
        table.row(what, spread.middle(), spread.range());
    }
}
