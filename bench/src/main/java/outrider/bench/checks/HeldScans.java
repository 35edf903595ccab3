package outrider.bench.checks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import outrider.bench.BenchException;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Spread;
import outrider.bench.Table;

/// What one scan weighs while it waits: many are held open by a server that never answers, and what the heap then
/// holds more than before is shared out among them.
final class HeldScans {
    /// Those that a web server can hold open.
    private static final List<String> CHECKERS = List.of("tls", "http");

    private static final int MOST_SECONDS = 60;
    private static final double SETTLED = 0.01;

    private final Rig rig;
    private final Map<String, List<Double>> kilobytes = new LinkedHashMap<>();

    HeldScans(Rig rig) {
        this.rig = rig;
    }

    void run(Figures figures) throws InterruptedException {
        try (var scanner = rig.patientScanner()) {
            // What is loaded and cached once for all scans is none's own.
            for (var checker : CHECKERS) {
                scanner.scanHealthy(checker, rig.addresses().healthy());
            }
            for (var repetition = 1; repetition <= rig.repetitions(); repetition++) {
                for (var checker : CHECKERS) {
                    Progress.say("held scans, repetition %d: %s".formatted(repetition, checker));
                    kilobytes
                            .computeIfAbsent(checker, none -> new ArrayList<>())
                            .add(measure(scanner, checker));
                }
            }
        }
        print();
        figures.put("heap_kb_per_inflight_scan", heaviest().median());
    }

    private double measure(Scanner scanner, String checker) throws InterruptedException {
        long before = usedHeap();
        var ended = new AtomicInteger();
        var endpoints = checker.equals("tls")
                ? rig.addresses().silent()
                : rig.addresses().holding();
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            for (var i = 0; i < rig.scale().held(); i++) {
                threads.submit(() -> {
                    scanner.scan(checker, endpoints);
                    return ended.incrementAndGet();
                });
            }
            long held = settled();
            if (ended.get() > 0) {
                throw new BenchException("%d of %d scans were not held"
                        .formatted(ended.get(), rig.scale().held()));
            }
            return (held - before) / 1_000.0 / rig.scale().held();
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(MOST_SECONDS, TimeUnit.SECONDS);
        }
    }

    /// The used heap once it no longer grows, which is when all scans wait.
    private static long settled() throws InterruptedException {
        long last = 0;
        for (var seconds = 0; seconds < MOST_SECONDS; seconds += 2) {
            TimeUnit.SECONDS.sleep(2);
            long now = usedHeap();
            if (Math.abs(now - last) < SETTLED * now) {
                return now;
            }
            last = now;
        }
        throw new BenchException("the scans did not come to rest within %d s".formatted(MOST_SECONDS));
    }

    private static long usedHeap() {
        for (var i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private Spread heaviest() {
        return kilobytes.values().stream()
                .map(Spread::of)
                .max((one, other) -> Double.compare(one.median(), other.median()))
                .orElseThrow();
    }

    private void print() {
        var table = new Table("Scans held open", "checker", "kB per scan", "range", "held by")
                .note("%,d scans at once, used heap after garbage collection, %d repetitions; 1 kB is 1,000 bytes."
                        .formatted(rig.scale().held(), rig.repetitions()));
        kilobytes.forEach((checker, values) -> table.row(
                checker,
                Spread.of(values).middle(),
                Spread.of(values).range(),
                checker.equals("tls")
                        ? "a server that says nothing to a ClientHello"
                        : "servers that answer no GET, one over TLS and one without"));
        table.print(rig.out());
    }
}
