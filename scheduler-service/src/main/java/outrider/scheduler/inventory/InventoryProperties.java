package outrider.scheduler.inventory;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How changes of the inventory are published.
///
/// @param publishEvery how often new changes are looked for
/// @param publishBatch the most changes sent at once
/// @param maxImport the longest body of an import, unzipped
@ConfigurationProperties("outrider.inventory")
record InventoryProperties(
        @DefaultValue("500ms") Duration publishEvery,
        @DefaultValue("500") int publishBatch,
        @DefaultValue("1GB") DataSize maxImport) {

    InventoryProperties {
        if (!publishEvery.isPositive() || publishBatch < 1) {
            throw new IllegalArgumentException("outrider.inventory.publish-every and .publish-batch must be above 0");
        }
    }
}
