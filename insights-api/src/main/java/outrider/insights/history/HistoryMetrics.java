package outrider.insights.history;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import outrider.insights.history.HistoryRepository.Kept;

/// How the history is kept; each run is counted once.
@Component
final class HistoryMetrics {

    private final MeterRegistry meters;
    private volatile @Nullable Instant covered;
    private volatile double stray = Double.NaN;

    HistoryMetrics(MeterRegistry meters, Clock clock) {
        this.meters = meters;
        TimeGauge.builder("outrider.history.ahead", this, TimeUnit.SECONDS, m -> m.ahead(clock))
                .description("for how long from now events have a partition of their own month")
                .register(meters);
        Gauge.builder("outrider.history.stray", this, m -> m.stray)
                .description("events that found no partition of their own month")
                .register(meters);
    }

    void kept(Kept kept) {
        covered = kept.covered();
        stray = kept.stray();
        partitions("made", kept.made());
        partitions("dropped", kept.dropped());
        run(kept.putOff() == 0 ? "done" : "put_off");
    }

    /// So many resolved insights were old enough to leave.
    void forgotten(long insights) {
        meters.counter("outrider.history.forgotten").increment(insights);
    }

    /// Another replica was at it.
    void skipped() {
        run("skipped");
    }

    void failed() {
        run("failed");
    }

    private double ahead(Clock clock) {
        var until = covered;
        return until == null
                ? Double.NaN
                : Duration.between(clock.instant(), until).toSeconds();
    }

    private void partitions(String what, int count) {
        meters.counter("outrider.history.partitions", "what", what).increment(count);
    }

    private void run(String outcome) {
        meters.counter("outrider.history.runs", "outcome", outcome).increment();
    }
}
