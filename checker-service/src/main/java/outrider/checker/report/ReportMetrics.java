package outrider.checker.report;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import outrider.scan.ReportOutcome;

/// The meters of reporting.
@Component
final class ReportMetrics {

    private final MeterRegistry registry;
    private final Counter trouble;

    ReportMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.trouble = Counter.builder("outrider.report.trouble")
                .description("Requests that were not answered properly and will be sent again")
                .register(registry);
    }

    interface Request {
        ReportAnswer send() throws InterruptedException;
    }

    ReportAnswer timed(Request request, int reports) throws InterruptedException {
        var started = System.nanoTime();
        try {
            return request.send();
        } finally {
            registry.timer("outrider.report.request").record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
            registry.summary("outrider.report.request.reports").record(reports);
        }
    }

    /// Counts each report once for each answer about it.
    void answered(ReportOutcome.Kind kind) {
        registry.counter("outrider.reports", "outcome", kind.id()).increment();
    }

    /// Bytes of large reports on disk.
    void spooled(Supplier<Number> bytes) {
        Gauge.builder("outrider.report.spooled", bytes).baseUnit("bytes").register(registry);
    }

    /// How many requests may be under way.
    void limit(Supplier<Number> limit) {
        Gauge.builder("outrider.report.concurrency", limit).register(registry);
    }

    /// Which of the insights API's addresses the reports go to.
    void inUse(Regions regions) {
        for (var url : regions.all()) {
            Gauge.builder("outrider.report.region.in.use", () -> regions.inUse().equals(url) ? 1 : 0)
                    .tag("url", url.toString())
                    .description("1 for the address of the insights API that was last asked, 0 for the others")
                    .register(registry);
        }
    }

    /// How many reports fail alone again and again while others are accepted.
    void poisoned(Supplier<Number> reports) {
        Gauge.builder("outrider.report.poisoned", reports)
                .description("Reports that fail alone again and again while others are accepted")
                .register(registry);
    }

    /// A thread that must not end met something that nobody expected, and goes on.
    void restarted(String thread) {
        registry.counter("outrider.report.restarts", "thread", thread).increment();
    }

    void trouble() {
        trouble.increment();
    }
}
