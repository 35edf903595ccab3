package outrider.bench.lanes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntUnaryOperator;
import org.HdrHistogram.Histogram;
import outrider.bench.Figures;
import outrider.bench.Spread;
import outrider.bench.Table;
import outrider.bench.lanes.arm.Arm;
import outrider.bench.lanes.arm.LaneArm;

/// How long a fast job takes from when it is due until it is done, alone and among slow ones, at a fixed rate
/// of arrival.
final class FastLatency {
    private static final String ALONE = "alone";
    private static final String AMONG_SLOW = "among slow ones";

    private final Rig rig;
    private final Scale.Latency scale;
    private final Scale.Mix mix;
    private final Arm ours = new LaneArm();
    private final SequencedMap<String, List<Histogram>> latencies = new LinkedHashMap<>();

    FastLatency(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale.latency();
        this.mix = scale.mix();
        latencies.put(ALONE, new ArrayList<>());
        latencies.put(AMONG_SLOW, new ArrayList<>());
    }

    void run(Figures figures) throws InterruptedException {
        IntUnaryOperator alone = number -> mix.fastMillis();
        IntUnaryOperator amongSlow = number -> SlowJobs.isSlow(number) ? mix.slowMillis() : mix.fastMillis();
        for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
            rig.progress("fast latency, repetition " + repetition);
            measured(ALONE).add(measure("latency-alone-" + repetition, alone));
            measured(AMONG_SLOW).add(measure("latency-mix-" + repetition, amongSlow));
        }
        print();
        figures.put("fast_p99_slow_mix_over_alone", percentile(AMONG_SLOW, 99).over(percentile(ALONE, 99)));
    }

    private Histogram measure(String topic, IntUnaryOperator millis) throws InterruptedException {
        System.gc();
        var arrivals = new Arrivals(
                scale.ratePerSecond(),
                scale.ratePerSecond() * (int) scale.span().warmUp().toSeconds(),
                scale.ratePerSecond() * (int) scale.span().window().toSeconds(),
                mix.fastMillis(),
                millis);
        var timing = arrivals.timing();
        rig.topics().create(topic, mix.partitions());
        try (var producer = rig.topics().producer(0);
                var run = ours.start(rig.ready(ours, rig.feed(topic, mix.partitions(), mix.cap())), timing)) {
            return arrivals.publish(producer, topic, mix.partitions(), timing);
        } finally {
            rig.topics().delete(topic);
        }
    }

    private List<Histogram> measured(String mix) {
        return latencies.computeIfAbsent(mix, unknown -> new ArrayList<>());
    }

    private Spread percentile(String mix, double percentile) {
        return Spread.of(measured(mix).stream()
                .map(latency -> latency.getValueAtPercentile(percentile) / 1_000.0)
                .toList());
    }

    private void print() {
        var table = new Table("Latency of fast jobs", "jobs", "p50 ms", "p99 ms", "range of p99", "max ms", "settings")
                .note("%d jobs of %d ms come in per second; \"among slow ones\" one in %d takes %d ms instead."
                        .formatted(scale.ratePerSecond(), mix.fastMillis(), SlowJobs.ONE_IN, mix.slowMillis()))
                .note("From when a job was due to be published until it is done, broker and job included.")
                .note("Timed over %s, %d repetitions.".formatted(scale.span(), rig.repetitions()));
        latencies
                .keySet()
                .forEach(jobs -> table.row(
                        jobs,
                        percentile(jobs, 50).middle(),
                        percentile(jobs, 99).middle(),
                        percentile(jobs, 99).range(),
                        percentile(jobs, 100).middle(),
                        ours.settings(rig.feed("latency", mix.partitions(), mix.cap()))));
        table.print(rig.out());
    }
}
