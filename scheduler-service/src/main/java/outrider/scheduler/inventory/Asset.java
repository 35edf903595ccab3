package outrider.scheduler.inventory;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import outrider.scan.AssetKind;
import outrider.scan.Endpoint;
import outrider.scan.InventoryRecord;

/// What an account owns and we scan.
///
/// @param endpoints those its owner named; empty: derived from the name
record Asset(UUID id, UUID accountId, AssetKind kind, String name, List<Endpoint> endpoints, Instant createdAt) {

    Asset {
        endpoints = List.copyOf(endpoints);
    }

    InventoryRecord.Asset published(boolean deleted) {
        return new InventoryRecord.Asset(id, accountId, kind, name, endpoints, deleted);
    }

    /// That it is gone, and nothing else of it.
    InventoryRecord.Asset erased() {
        return new InventoryRecord.Asset(id, accountId, kind, "", List.of(), true);
    }
}
