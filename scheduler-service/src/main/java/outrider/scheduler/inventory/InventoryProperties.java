package outrider.scheduler.inventory;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How changes of the inventory are published.
///
/// @param publishEvery how often new changes are looked for
/// @param publishBatch the most changes sent at once
@ConfigurationProperties("outrider.inventory")
record InventoryProperties(
        @DefaultValue("500ms") Duration publishEvery,
        @DefaultValue("500") int publishBatch) {

    InventoryProperties {
        if (!publishEvery.isPositive() || publishBatch < 1) {
            throw new IllegalArgumentException("outrider.inventory.publish-every and .publish-batch must be above 0");
        }
    }
}
