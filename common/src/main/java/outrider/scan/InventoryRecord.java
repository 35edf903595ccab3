package outrider.scan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The newest state of a plan, an account or an asset. The value of a record in the compacted topic
/// `outrider-inventory`.
///
/// A deletion is a record too (`deleted: true`), not a tombstone: a reader that was away for long must still learn of
/// it.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = InventoryRecord.Cadence.class, name = "plan"),
    @JsonSubTypes.Type(value = InventoryRecord.Account.class, name = "account"),
    @JsonSubTypes.Type(value = InventoryRecord.Asset.class, name = "asset")
})
public sealed interface InventoryRecord {

    /// The record key, by which the topic is compacted.
    @JsonIgnore
    String key();

    /// Whether what it is about is gone.
    boolean deleted();

    /// How often the assets of a plan are due. A release that knows no such record skips it.
    record Cadence(Plan plan, Duration every) implements InventoryRecord {

        public Cadence {
            if (every.toSeconds() < 1) {
                throw new IllegalArgumentException("every: must be a second or more");
            }
        }

        @Override
        public String key() {
            return "plan/" + plan;
        }

        @Override
        public boolean deleted() {
            return false;
        }
    }

    /// The newest state of an account.
    record Account(UUID id, String name, Plan plan, boolean deleted) implements InventoryRecord {
        @Override
        public String key() {
            return "account/" + id;
        }
    }

    /// The newest state of an asset.
    ///
    /// @param revision rises with every change of name, endpoints or records, and with the deletion
    record Asset(
            UUID id,
            UUID accountId,
            AssetKind kind,
            String name,
            List<Endpoint> endpoints,
            boolean deleted,
            @Nullable Long revision)
            implements InventoryRecord {

        public Asset {
            endpoints = List.copyOf(endpoints);
        }

        @Override
        public String key() {
            return "asset/" + id;
        }
    }
}
