package outrider.insights.database;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/// The way to the primary in numbers: connections by share, who was refused one, and how far away the primary is.
@Component
final class DatabaseMetrics {

    private final MeterRegistry meters;

    DatabaseMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void watch(String share, int size, Semaphore free) {
        Gauge.builder("outrider.database.connections.used", free, f -> size - f.availablePermits())
                .tag("share", share)
                .strongReference(true)
                .register(meters);
        refused(share, 0);
    }

    void refused(String share) {
        refused(share, 1);
    }

    /// NaN while the primary cannot be reached.
    void watch(PrimaryDistance distance) {
        TimeGauge.builder("outrider.database.primary.distance", distance, TimeUnit.NANOSECONDS, PrimaryDistance::nanos)
                .description("the shortest of the last round trips to the primary")
                .register(meters);
        Gauge.builder("outrider.database.primary.near", distance, d -> d.state() == PrimaryDistance.State.NEAR ? 1 : 0)
                .register(meters);
    }

    /// How often that share had no connection free.
    long refusals(String share) {
        return (long) counter(share).count();
    }

    private void refused(String share, int count) {
        counter(share).increment(count);
    }

    private Counter counter(String share) {
        return meters.counter("outrider.database.connections.refused", "share", share);
    }
}
