package outrider.insights.inventory;

import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.insights.audit.AuditRepository;
import outrider.insights.inventory.InventoryRepository.AssetChange;
import outrider.scan.AuditRecord;
import outrider.scan.Ids;
import outrider.scan.InventoryRecord;

/// Takes inventory records in: names join the insights, intervals say when coverage is stale, and what was removed
/// closes its insights.
///
/// Taking a record twice, or an older one once more before the newest, ends the same.
@Component
final class Inventory {

    private final InventoryRepository repository;
    private final AuditRepository audit;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final String replica;

    Inventory(
            InventoryRepository repository,
            AuditRepository audit,
            TransactionTemplate transaction,
            Clock clock,
            @Value("${outrider.replica.name:${HOSTNAME:localhost}}") String replica) {
        this.repository = repository;
        this.audit = audit;
        this.transaction = transaction;
        this.clock = clock;
        this.replica = replica;
    }

    /// Takes the records, of which the last of each key counts. A deleted account is hidden at once, and erased
    /// before this returns.
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
        accounts.stream().filter(InventoryRecord.Account::deleted).forEach(account -> erase(account.id()));
    }

    /// Erases an account; the audit says how many rows of what went, and what is left, once however often it is
    /// begun.
    private void erase(UUID account) {
        repository.erase(account);
        transaction.executeWithoutResult(status -> repository
                .takeErased(account)
                .ifPresent(erased -> audit.save(List.of(new AuditRecord(
                        Ids.next(clock),
                        clock.instant(),
                        "insights-api",
                        replica,
                        "insights-api",
                        "account.erase",
                        "account/" + account,
                        erased,
                        repository.left(account))))));
    }

    private static <T> List<T> only(Class<T> type, Collection<?> values) {
        return values.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
