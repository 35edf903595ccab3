package outrider.bench.lanes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import outrider.bench.BenchException;
import outrider.bench.lanes.arm.Arm;
import outrider.bench.lanes.arm.Feed;

/// A stretch of time, after a warm-up, in which completed jobs are counted.
///
/// @param records how many the topic holds; an arm that runs dry has no steady state
record Window(int records, Scale.Span span) {

    /// Runs these arms at the same time, each in a group of its own, and yields what each completed per second.
    Map<Arm, Result> measure(Rig rig, List<Arm> arms, Feed feed) throws InterruptedException {
        System.gc();
        var ledgers = new LinkedHashMap<Arm, Ledger>();
        var runs = new ArrayList<Arm.Run>();
        try {
            for (var arm : arms) {
                var ledger = new Ledger(records);
                ledgers.put(arm, ledger);
                runs.add(arm.start(rig.ready(arm, feed), ledger));
            }
            Thread.sleep(span.warmUp());
            var before = counts(ledgers);
            long from = System.nanoTime();
            Thread.sleep(span.window());
            var after = counts(ledgers);
            double seconds = (System.nanoTime() - from) / 1e9;
            var results = new LinkedHashMap<Arm, Result>();
            ledgers.forEach((arm, ledger) -> {
                if (after.getOrDefault(arm, 0) >= records) {
                    throw new BenchException("%s ran dry of %d records".formatted(arm.name(), records));
                }
                double done = after.getOrDefault(arm, 0) - before.getOrDefault(arm, 0);
                results.put(arm, new Result(done / seconds, ledger.repeated()));
            });
            return results;
        } finally {
            runs.forEach(Arm.Run::close);
        }
    }

    private static Map<Arm, Integer> counts(Map<Arm, Ledger> ledgers) {
        var counts = new LinkedHashMap<Arm, Integer>();
        ledgers.forEach((arm, ledger) -> counts.put(arm, ledger.done()));
        return counts;
    }

    /// @param perSecond jobs completed per second inside the window
    /// @param repeated how many jobs were run although done already
    record Result(double perSecond, int repeated) {}
}
