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
/// @param revision rises with every change of name, endpoints or records
record Asset(
        UUID id,
        UUID accountId,
        AssetKind kind,
        String name,
        List<Endpoint> endpoints,
        Instant createdAt,
        long revision) {

    Asset {
        endpoints = List.copyOf(endpoints);
    }

    /// An asset that is new.
    Asset(UUID id, UUID accountId, AssetKind kind, String name, List<Endpoint> endpoints, Instant createdAt) {
        this(id, accountId, kind, name, endpoints, createdAt, 1);
    }

    InventoryRecord.Asset published() {
        return new InventoryRecord.Asset(id, accountId, kind, name, endpoints, false, revision);
    }

    /// That it is gone.
    InventoryRecord.Asset deleted() {
        return new InventoryRecord.Asset(id, accountId, kind, name, endpoints, true, revision + 1);
    }

    /// That it is gone, and nothing else of it.
    InventoryRecord.Asset erased() {
        return new InventoryRecord.Asset(id, accountId, kind, "", List.of(), true, revision + 1);
    }
}
