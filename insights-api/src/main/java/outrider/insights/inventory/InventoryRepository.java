package outrider.insights.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import outrider.scan.Endpoint;
import outrider.scan.InventoryRecord;

/// The tables `plan`, `account` and `asset`, and what their removals do to insights.
@Component
final class InventoryRepository {

    private static final String SAVE_PLANS = """
            insert into insights.plan as p (plan, every)
            select plan, make_interval(secs => seconds) from unnest(?, ?) as given (plan, seconds) order by plan
                on conflict (plan) do update set every = excluded.every where p.every <> excluded.every
            """;

    private static final String SAVE_ACCOUNTS = """
            insert into insights.account as a (id, name, plan, deleted)
            select * from unnest(?, ?, ?, ?) as given (id, name, plan, deleted) order by id
                on conflict (id) do update
               set name = excluded.name, plan = excluded.plan, deleted = excluded.deleted
             where (a.name, a.plan, a.deleted) is distinct from (excluded.name, excluded.plan, excluded.deleted)
            """;

    private static final String SAVE_ASSETS = """
            insert into insights.asset as a (account_id, id, kind, name, endpoints, deleted)
            select account_id, id, kind, name, string_to_array(endpoints, ' '), deleted
              from unnest(?, ?, ?, ?, ?, ?) as given (account_id, id, kind, name, endpoints, deleted)
             order by account_id, id
                on conflict (account_id, id) do update
               set kind = excluded.kind, name = excluded.name, endpoints = excluded.endpoints, deleted = excluded.deleted
             where (a.kind, a.name, a.endpoints, a.deleted)
                   is distinct from (excluded.kind, excluded.name, excluded.endpoints, excluded.deleted)
            returning new.account_id
                    , new.id
                    , new.deleted
                    , coalesce(old.deleted, false) as was_deleted
                    , array(select unnest(old.endpoints) except select unnest(new.endpoints)) as lost
            """;

    /// In a statement of its own, before the one that reads insights; reports never wait for these locks.
    private static final String LOCK_SCOPES = """
            select scope_id
              from insights.scope
             where account_id = :account and asset_id = :asset
             order by scope_id
               for no key update
            """;

    private static final String CLOSE = """
            with closed as (
                update insights.insight i
                   set state = 'resolved'
                     , resolution = 'removed'
                     , resolved_at = now()
                     , changed_at = now()
                     , seen_at = coalesce(i.seen_at, insights.completed(s.coverage -> i.check_id, s.scanned_at))
                  from insights.scope s
                 where s.account_id = :account and s.asset_id = :asset
                   and i.account_id = s.account_id and i.scope_id = s.scope_id
                   and i.state <> 'resolved'
                   and (:deleted or i.subject = any (:lost))
                returning i.account_id, i.scope_id, i.key, s.last_seq
            ), recorded as (
                insert into insights.insight_event (account_id, scope_id, key, at, seq, kind, reason)
                select account_id, scope_id, key, now(), last_seq, 'resolved', 'removed' from closed
            )
            update insights.scope
               set digest = null, withheld = case when :deleted then 0 else withheld end, removed = :deleted
             where account_id = :account and asset_id = :asset
            """;

    /// Scopes go first: without them no report can write into the account, whose mark refuses new ones.
    private static final List<String> ERASE = List.of(
            erase("insights.scope"),
            erase("insights.withheld"),
            erase("insights.insight"),
            erase("insights.insight_event"),
            erase("insights.asset"));

    private final JdbcClient jdbc;

    InventoryRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// An asset whose record differs from what was known.
    ///
    /// @param lost the endpoints it no longer has
    record AssetChange(UUID accountId, UUID id, boolean deleted, boolean wasDeleted, List<String> lost) {

        AssetChange {
            lost = List.copyOf(lost);
        }

        /// Whether scopes are concerned at all.
        boolean removesOrRestores() {
            return deleted != wasDeleted || !lost.isEmpty();
        }
    }

    void savePlans(List<InventoryRecord.Cadence> plans) {
        jdbc.sql(SAVE_PLANS)
                .param(array("text", plans, cadence -> cadence.plan().name()))
                .param(array("int8", plans, cadence -> cadence.every().toSeconds()))
                .update();
    }

    /// Of a deleted account only the mark stays, so that nothing can bring it back.
    void saveAccounts(List<InventoryRecord.Account> accounts) {
        jdbc.sql(SAVE_ACCOUNTS)
                .param(array("uuid", accounts, InventoryRecord.Account::id))
                .param(array("text", accounts, account -> account.deleted() ? "" : account.name()))
                .param(array("text", accounts, account -> account.plan().name()))
                .param(array("bool", accounts, InventoryRecord.Account::deleted))
                .update();
    }

    /// Saves the assets, and answers those that changed.
    List<AssetChange> saveAssets(List<InventoryRecord.Asset> assets) {
        return jdbc.sql(SAVE_ASSETS)
                .param(array("uuid", assets, InventoryRecord.Asset::accountId))
                .param(array("uuid", assets, InventoryRecord.Asset::id))
                .param(array("text", assets, asset -> asset.kind().name()))
                .param(array("text", assets, InventoryRecord.Asset::name))
                .param(array("text", assets, InventoryRepository::endpoints))
                .param(array("bool", assets, InventoryRecord.Asset::deleted))
                .query(InventoryRepository::change)
                .list();
    }

    /// Closes what was removed with a change: all insights of a deleted asset, else those of its lost endpoints.
    void follow(AssetChange change) {
        jdbc.sql(LOCK_SCOPES)
                .param("account", change.accountId())
                .param("asset", change.id())
                .query()
                .listOfRows();
        jdbc.sql(CLOSE)
                .param("account", change.accountId())
                .param("asset", change.id())
                .param("deleted", change.deleted())
                .param("lost", array("text", change.lost(), endpoint -> endpoint))
                .update();
    }

    /// Deletes all there is of an account, in transactions of bounded size.
    void erase(UUID accountId) {
        for (var statement : ERASE) {
            var rows = 1;
            while (rows > 0) {
                rows = jdbc.sql(statement).params(accountId, accountId).update();
            }
        }
    }

    /// The account twice: two partitions may have rows of the same place, and of different accounts.
    private static String erase(String table) {
        return """
                delete from %1$s
                 where ctid = any (array(select ctid from %1$s where account_id = ? limit 10000)) and account_id = ?
                """.formatted(table);
    }

    private static String endpoints(InventoryRecord.Asset asset) {
        if (asset.deleted()) {
            return "";
        }
        var endpoints = asset.endpoints().isEmpty() ? Endpoint.derivedFrom(asset.name()) : asset.endpoints();
        return String.join(" ", endpoints.stream().map(Endpoint::toString).toList());
    }

    private static <T> SqlArrayValue array(String type, List<T> rows, Function<T, ?> column) {
        return new SqlArrayValue(type, rows.stream().map(column).toArray());
    }

    private static AssetChange change(ResultSet row, int number) throws SQLException {
        return new AssetChange(
                row.getObject("account_id", UUID.class),
                row.getObject("id", UUID.class),
                row.getBoolean("deleted"),
                row.getBoolean("was_deleted"),
                List.of((String[]) row.getArray("lost").getArray()));
    }
}
