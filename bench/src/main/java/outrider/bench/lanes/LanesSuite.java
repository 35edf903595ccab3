package outrider.bench.lanes;

import java.io.IOException;
import java.io.PrintStream;
import outrider.bench.Asked;
import outrider.bench.Broker;
import outrider.bench.Figures;
import outrider.bench.Topics;

/// The suite `lanes`: our consumer runtime beside others, all on one broker with the same cap on jobs at once.
public final class LanesSuite {
    private final Scale scale;
    private final PrintStream out;

    /// @param full every arm in every cell, with more and longer repetitions
    public LanesSuite(boolean full, PrintStream out) {
        this.scale = Asked.smoke() ? Scale.smoke() : full ? Scale.full() : Scale.quick();
        this.out = out;
    }

    public Figures run() throws IOException, InterruptedException {
        var figures = new Figures();
        try (var broker = Broker.start();
                var topics = new Topics(broker.bootstrap())) {
            var rig = new Rig(broker.bootstrap(), topics, out, Asked.repetitions(scale.repetitions()));
            if (Asked.wanted("grid")) {
                new Grid(rig, scale).run(figures);
            }
            if (Asked.wanted("steady") && scale.everything()) {
                new SteadyState(rig, scale).run();
            }
            if (Asked.wanted("mix")) {
                new SlowMix(rig, scale).run(figures);
            }
            if (Asked.wanted("latency")) {
                new FastLatency(rig, scale).run(figures);
            }
            if (Asked.wanted("crash")) {
                new CrashRedo(rig, scale).run(figures);
            }
            if (Asked.wanted("hour")) {
                new HourLongJob(rig, scale).run(figures);
            }
        }
        return figures;
    }
}
