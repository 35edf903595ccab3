package outrider.bench.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import outrider.bench.BenchException;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Spread;
import outrider.bench.Table;
import outrider.scan.Endpoint;

/// What scans of healthy hosts lose when one host in twenty hangs.
///
/// Scans fall due at a fixed rate, and each takes one of the fast lane's permits for as long as it lasts; time counts
/// from when it was due, so waiting for a permit is part of it. Without hosts that hang, their turns are left out: the
/// healthy ones come at the same moments.
final class HangingHosts {
    private static final int ONE_IN = 20;
    /// The fast lane's, by default.
    private static final int PERMITS = 256;
    /// How much of what the closed loop could do: an open loop at its limit would only measure its queue.
    private static final double LOAD = 0.4;

    private static final long LONGEST_MICROS = 600_000_000;

    private final Rig rig;
    private final int perSecond;
    private final List<Histogram> without = new ArrayList<>();
    private final List<Histogram> with = new ArrayList<>();

    /// @param capacity full scans per second, at most
    HangingHosts(Rig rig, double capacity) {
        this.rig = rig;
        this.perSecond = Math.max(1, (int) (capacity * LOAD));
    }

    void run(Figures figures) throws InterruptedException {
        try (var scanner = rig.scanner()) {
            for (var repetition = 1; repetition <= rig.repetitions(); repetition++) {
                Progress.say("hosts that hang, repetition " + repetition);
                without.add(measure(scanner, false));
                with.add(measure(scanner, true));
            }
        }
        print();
        figures.put("healthy_p95_with_hangs_over_without", p95(with).over(p95(without)));
    }

    private Histogram measure(Scanner scanner, boolean hangs) throws InterruptedException {
        System.gc();
        var span = rig.scale().open();
        long warmUp = perSecond * span.warmUp().toSeconds();
        long last = warmUp + perSecond * span.window().toSeconds();
        var permits = new Semaphore(PERMITS);
        var latencies = new ConcurrentHistogram(LONGEST_MICROS, 3);
        var healthy = new ArrayList<Future<Optional<String>>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long first = System.nanoTime();
            for (long number = 0; number < last; number++) {
                long due = first + number * (1_000_000_000L / perSecond);
                awaitDue(due);
                if (number % ONE_IN == 0) {
                    if (hangs) {
                        threads.submit(() -> scan(scanner, rig.addresses().silent(), permits));
                    }
                    continue;
                }
                var timed = number >= warmUp;
                healthy.add(threads.submit(() -> {
                    var trouble = scan(scanner, rig.addresses().healthy(), permits);
                    if (timed) {
                        latencies.recordValue(Math.min(LONGEST_MICROS, (System.nanoTime() - due) / 1_000));
                    }
                    return trouble;
                }));
            }
            awaitHealthy(healthy);
            threads.shutdownNow();
        }
        return latencies;
    }

    private static void awaitDue(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /// Returns why a check could not tell, if one could not.
    private static Optional<String> scan(Scanner scanner, List<Endpoint> endpoints, Semaphore permits)
            throws InterruptedException {
        permits.acquire();
        try {
            var trouble = Optional.<String>empty();
            for (var checker : Scanner.CHECKERS) {
                var found = scanner.scan(checker, endpoints);
                trouble = trouble.or(() -> found);
            }
            return trouble;
        } finally {
            permits.release();
        }
    }

    private static void awaitHealthy(List<Future<Optional<String>>> healthy) throws InterruptedException {
        for (var scan : healthy) {
            try {
                var trouble = scan.get();
                if (trouble.isPresent()) {
                    throw new BenchException("a check of a healthy host could not tell: " + trouble.get());
                }
            } catch (ExecutionException e) {
                throw new BenchException("a scan of a healthy host failed", e.getCause());
            }
        }
    }

    private static Spread p95(List<Histogram> latencies) {
        return Spread.of(latencies.stream()
                .map(latency -> latency.getValueAtPercentile(95) / 1_000.0)
                .toList());
    }

    private static Spread median(List<Histogram> latencies) {
        return Spread.of(latencies.stream()
                .map(latency -> latency.getValueAtPercentile(50) / 1_000.0)
                .toList());
    }

    private void print() {
        var table = new Table(
                        "Healthy hosts among some that hang", "hosts", "p50 ms", "p95 ms", "range of p95", "settings")
                .note(
                        "Full scans fall due %d times per second, one in %d on a host that hangs or left out; %.0f %% of what the closed loop did."
                                .formatted(perSecond, ONE_IN, LOAD * 100))
                .note("From when a scan of a healthy host was due until its end, over %s, %d repetitions."
                        .formatted(rig.scale().open(), rig.repetitions()));
        row(table, "all healthy", without);
        row(table, "one in %d hangs".formatted(ONE_IN), with);
        table.print(rig.out());
    }

    private static void row(Table table, String hosts, List<Histogram> latencies) {
        table.row(
                hosts,
                median(latencies).middle(),
                p95(latencies).middle(),
                p95(latencies).range(),
                "%d permits, the service's own timeouts".formatted(PERMITS));
    }
}
