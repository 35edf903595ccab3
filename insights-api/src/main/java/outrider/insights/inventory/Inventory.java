package outrider.insights.inventory;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scan.InventoryRecord;

/// Takes inventory records in: names join the insights, intervals say when coverage is stale, and what is gone is
/// noted for [Removals] and [Erasure], which take their time. An account that is deleted is hidden at once.
///
/// Taking a record twice, or an older one once more before the newest, ends the same.
@Component
final class Inventory {

    private final InventoryRepository repository;
    private final TransactionTemplate transaction;

    Inventory(InventoryRepository repository, TransactionTemplate transaction) {
        this.repository = repository;
        this.transaction = transaction;
    }

    /// Takes the records, of which the last of each key counts.
    void take(List<InventoryRecord> records) {
        var newest = new LinkedHashMap<String, InventoryRecord>();
        records.forEach(record -> newest.put(record.key(), record));
        var accounts = only(InventoryRecord.Account.class, newest.values());
        var assets = only(InventoryRecord.Asset.class, newest.values());
        transaction.executeWithoutResult(status -> {
            repository.savePlans(only(InventoryRecord.Cadence.class, newest.values()));
            repository.hold(Stream.concat(
                    accounts.stream().filter(InventoryRecord.Account::deleted).map(InventoryRecord.Account::id),
                    assets.stream().map(InventoryRecord.Asset::accountId)));
            repository.saveAccounts(accounts);
            repository.saveAssets(assets);
        });
    }

    private static <T> List<T> only(Class<T> type, Collection<?> values) {
        return values.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
