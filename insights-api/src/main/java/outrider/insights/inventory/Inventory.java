package outrider.insights.inventory;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.insights.inventory.InventoryRepository.AssetChange;
import outrider.scan.InventoryRecord;

/// Takes inventory records in: names join the insights, intervals say when coverage is stale, and what was removed
/// closes its insights.
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

    /// Takes the records, of which the last of each key counts. A deleted account is hidden at once, and erased before
    /// this returns.
    void take(List<InventoryRecord> records) {
        var newest = new LinkedHashMap<String, InventoryRecord>();
        records.forEach(record -> newest.put(record.key(), record));
        var accounts = only(InventoryRecord.Account.class, newest.values());
        transaction.executeWithoutResult(status -> {
            repository.savePlans(only(InventoryRecord.Cadence.class, newest.values()));
            repository.saveAccounts(accounts);
            repository.saveAssets(only(InventoryRecord.Asset.class, newest.values())).stream()
                    .filter(AssetChange::removesOrRestores)
                    .forEach(repository::follow);
        });
        accounts.stream().filter(InventoryRecord.Account::deleted).forEach(account -> repository.erase(account.id()));
    }

    private static <T> List<T> only(Class<T> type, Collection<?> values) {
        return values.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
