package outrider.insights.inventory;

import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scan.InventoryRecord;

/// What the API does with inventory records, without Kafka and with what follows from them done by the caller: for
/// measuring and testing it.
public final class InventoryDoor {

    private final JdbcClient jdbc;
    private final Inventory inventory;
    private final Removals removals;

    /// Opens it on a migrated database.
    public InventoryDoor(DataSource source) {
        var transaction = new TransactionTemplate(new JdbcTransactionManager(source));
        jdbc = JdbcClient.create(source);
        inventory = new Inventory(new InventoryRepository(jdbc), transaction);
        removals = new Removals(jdbc, transaction);
    }

    /// Takes records as if they had come together.
    public void take(InventoryRecord... records) {
        inventory.take(List.of(records));
    }

    /// Closes what is gone; returns when all of that account is done, by whomever.
    public void follow(UUID account) {
        while (waiting(account) > 0) {
            removals.round();
        }
    }

    /// One change of any account; false when there is none that is due.
    boolean round() {
        return removals.round();
    }

    long waiting(UUID account) {
        return jdbc.sql("select count(*) from insights.removal where account_id = ?")
                .param(account)
                .query(Long.class)
                .single();
    }
}
