package outrider.bench.lanes;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import outrider.bench.Broker;
import outrider.bench.Figures;
import outrider.bench.Topics;

/// The suite `lanes`: our consumer runtime beside others, all on one broker with the same cap on jobs at once.
public final class LanesSuite {
    private final Scale scale;
    private final PrintStream out;

    /// @param full every arm in every cell, with more and longer repetitions
    public LanesSuite(boolean full, PrintStream out) {
        this.scale = System.getenv("SMOKE") != null ? Scale.smoke() : full ? Scale.full() : Scale.quick();
        this.out = out;
    }

    public Figures run() throws IOException, InterruptedException {
        var figures = new Figures();
        try (var broker = Broker.start();
                var topics = new Topics(broker.bootstrap())) {
            var rig = new Rig(broker.bootstrap(), topics, out, repetitions());
            if (wanted("grid")) {
                new Grid(rig, scale).run(figures);
            }
            if (wanted("steady") && scale.everything()) {
                new SteadyState(rig, scale).run();
            }
            if (wanted("mix")) {
                new SlowMix(rig, scale).run(figures);
            }
            if (wanted("latency")) {
                new FastLatency(rig, scale).run(figures);
            }
            if (wanted("crash")) {
                new CrashRedo(rig, scale).run(figures);
            }
            if (wanted("hour")) {
                new HourLongJob(rig, scale).run(figures);
            }
        }
        return figures;
    }

    private int repetitions() {
        String asked = System.getenv("REPETITIONS");
        return asked == null ? scale.repetitions() : Integer.parseInt(asked);
    }

    /// `ONLY=grid,mix` runs a part, for whoever works on that part.
    private static boolean wanted(String workload) {
        String only = System.getenv("ONLY");
        return only == null || List.of(only.split(",")).contains(workload);
    }
}
