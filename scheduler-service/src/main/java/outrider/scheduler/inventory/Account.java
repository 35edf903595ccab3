package outrider.scheduler.inventory;

import java.time.Instant;
import java.util.UUID;
import outrider.scan.InventoryRecord;
import outrider.scan.Plan;

/// A tenant.
record Account(UUID id, String name, Plan plan, Instant createdAt) {

    InventoryRecord.Account published(boolean deleted) {
        return new InventoryRecord.Account(id, name, plan, deleted);
    }

    /// That it is gone, and nothing else of it.
    InventoryRecord.Account erased() {
        return new InventoryRecord.Account(id, "", plan, true);
    }
}
