package outrider.insights.inventory;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import outrider.scan.InventoryRecord;

/// What came in by the inventory topic; each record is counted once it is taken or skipped.
@Component
final class InventoryMetrics {

    private final MeterRegistry meters;
    private volatile Duration oldest = Duration.ZERO;

    InventoryMetrics(MeterRegistry meters) {
        this.meters = meters;
        TimeGauge.builder("outrider.inventory.removals.oldest", this, TimeUnit.MILLISECONDS, m -> m.oldest.toMillis())
                .description("for how long insights on what is gone have waited to be closed")
                .register(meters);
    }

    void oldestRemoval(Duration age) {
        oldest = age;
    }

    void count(List<InventoryRecord> taken, int skipped) {
        taken.forEach(record -> count(
                switch (record) {
                    case InventoryRecord.Cadence cadence -> "plan";
                    case InventoryRecord.Account account -> "account";
                    case InventoryRecord.Asset asset -> "asset";
                },
                1));
        count("unreadable", skipped);
    }

    private void count(String kind, int records) {
        meters.counter("outrider.inventory.records", "kind", kind).increment(records);
    }
}
