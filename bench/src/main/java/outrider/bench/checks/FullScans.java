package outrider.bench.checks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Spread;
import outrider.bench.Table;

/// How many full scans of a healthy host end per second, and how long each checker takes, beside a loop that sends the
/// same requests and looks at nothing.
final class FullScans {
    private static final long LONGEST_MICROS = 600_000_000;

    private final Rig rig;
    private final BareRequests bare;
    private final ClosedLoop loop;
    private final List<Double> scans = new ArrayList<>();
    private final List<Double> bares = new ArrayList<>();
    private final Map<String, List<Double>> p95 = new LinkedHashMap<>();

    FullScans(Rig rig, Requests requests) {
        this.rig = rig;
        this.bare = new BareRequests(requests, rig.addresses());
        this.loop = new ClosedLoop(rig.scale().inFlight(), rig.scale().closed());
    }

    /// Returns how many ended per second.
    double run(Figures figures) throws InterruptedException {
        try (var scanner = rig.scanner()) {
            for (var repetition = 1; repetition <= rig.repetitions(); repetition++) {
                Progress.say("full scans, repetition " + repetition);
                scans(scanner);
                bares.add(loop.perSecond(bare::send));
            }
        }
        print();
        figures.put("full_scans_per_s", Spread.of(scans).median());
        figures.put("full_scans_over_bare_requests", Spread.of(scans).over(Spread.of(bares)));
        p95.forEach((checker, millis) ->
                figures.put("p95_ms_" + checker, Spread.of(millis).median()));
        return Spread.of(scans).median();
    }

    private void scans(Scanner scanner) throws InterruptedException {
        var took = new LinkedHashMap<String, Histogram>();
        Scanner.CHECKERS.forEach(checker -> took.put(checker, new ConcurrentHistogram(LONGEST_MICROS, 3)));
        scans.add(loop.perSecond(() -> {
            for (var checker : took.entrySet()) {
                long from = System.nanoTime();
                scanner.scanHealthy(checker.getKey(), rig.addresses().healthy());
                checker.getValue().recordValue((System.nanoTime() - from) / 1_000);
            }
        }));
        took.forEach((checker, micros) ->
                p95.computeIfAbsent(checker, none -> new ArrayList<>()).add(micros.getValueAtPercentile(95) / 1_000.0));
    }

    private void print() {
        var settings = "%d in flight, counted over %s, %d repetitions"
                .formatted(loop.inFlight(), loop.span(), rig.repetitions());
        var rates = new Table("Full scans", "arm", "per second", "range", "settings")
                .note("A full scan runs each checker of the fast lane once: %s.".formatted(Scanner.CHECKERS));
        rates.row("full scans", Spread.of(scans).middle(), Spread.of(scans).range(), settings);
        rates.row("bare requests", Spread.of(bares).middle(), Spread.of(bares).range(), settings);
        rates.print(rig.out());
        var times = new Table("Time of one checker", "checker", "p95 ms", "range")
                .note("In the same runs, warm-up included: the processors are as busy as can be.");
        p95.forEach((checker, millis) ->
                times.row(checker, Spread.of(millis).middle(), Spread.of(millis).range()));
        times.print(rig.out());
    }
}
