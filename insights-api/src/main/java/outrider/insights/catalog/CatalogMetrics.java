package outrider.insights.catalog;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/// What came in by the catalogue topic, each record once, and which insights were closed for it.
@Component
final class CatalogMetrics {

    private final MeterRegistry meters;

    CatalogMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void count(int taken, int skipped) {
        records("catalog", taken);
        records("unreadable", skipped);
    }

    void closed(long insights) {
        meters.counter("outrider.catalog.closed").increment(insights);
    }

    private void records(String kind, int records) {
        meters.counter("outrider.catalog.records", "kind", kind).increment(records);
    }
}
