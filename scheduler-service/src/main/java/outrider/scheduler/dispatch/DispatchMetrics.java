package outrider.scheduler.dispatch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import org.springframework.stereotype.Component;
import outrider.scan.Lane;
import outrider.scan.ScanOutcome;

/// The meters of dispatch and of outcomes. Every outcome record read is counted exactly once.
@Component
final class DispatchMetrics {

    private final MeterRegistry registry;
    private final Counter republished;

    DispatchMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.republished = Counter.builder("outrider.dispatch.republished")
                .description("Scans whose claim had lapsed before they were known to be published")
                .register(registry);
        for (var verdict : LostScanSweeper.Verdict.values()) {
            swept(verdict).increment(0); // from the start, so that the first of them is seen as an increase
        }
    }

    void published(Lane lane) {
        registry.counter("outrider.dispatch.published", "lane", lane.id()).increment();
    }

    void republished(int scans) {
        republished.increment(scans);
    }

    /// @param skipped how many could be read and never be stored
    void outcomes(Collection<ScanOutcome> stored, int unreadable, int skipped) {
        stored.forEach(this::outcome);
        registry.counter("outrider.dispatch.outcomes", "kind", "refused", "lane", "none")
                .increment(skipped);
        registry.counter("outrider.dispatch.outcomes", "kind", "unreadable", "lane", "none")
                .increment(unreadable);
    }

    private void outcome(ScanOutcome outcome) {
        registry.counter(
                        "outrider.dispatch.outcomes",
                        "kind",
                        outcome.kind().id(),
                        "lane",
                        outcome.lane().id())
                .increment();
        if (outcome.kind() == ScanOutcome.Kind.REPORTED) {
            Timer.builder("outrider.dispatch.scan.duration")
                    .description("How long the checker ran")
                    .tag("lane", outcome.lane().id())
                    .register(registry)
                    .record(Duration.ofMillis(outcome.durationMillis()));
        }
    }

    Counter swept(LostScanSweeper.Verdict verdict) {
        return registry.counter(
                "outrider.dispatch.swept", "verdict", verdict.name().toLowerCase(Locale.ROOT));
    }
}
