package outrider.insights.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import outrider.scan.Endpoint;
import outrider.scan.InventoryRecord;
import outrider.scan.Wire;
import tools.jackson.core.type.TypeReference;

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
               set name = excluded.name
                 , plan = excluded.plan
                 , deleted = excluded.deleted
                 , erased = case when excluded.deleted and not a.deleted then '{}' else a.erased end
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
    private static final List<String> ERASED = List.of("scope", "withheld", "insight", "insight_event", "asset");

    /// The account twice: two partitions may have rows of the same place, and of different accounts.
    private static final String ERASE_SOME = """
            with gone as (
                delete from insights.%1$s
                 where ctid = any (array(select ctid from insights.%1$s where account_id = :account limit 10000))
                   and account_id = :account
                returning 1
            ), counted as (
                select count(*) as rows from gone
            ), noted as (
                update insights.account
                   set erased = coalesce(erased, '{}')
                                || jsonb_build_object('%1$s', coalesce((erased ->> '%1$s')::bigint, 0) + rows)
                  from counted
                 where id = :account
                   and rows > 0
            )
            select rows from counted
            """;

    private static final String LEFT = "select count(*) from insights.%s where account_id = :account";

    private static final String TAKE_ERASED = """
            update insights.account
               set erased = null
             where id = :account
               and erased is not null
            returning old.erased
            """;

    private static final TypeReference<Map<String, Object>> COUNTS = new TypeReference<>() {};

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

    /// Deletes all there is of an account, in transactions of bounded size. A row that another transaction
    /// changes meanwhile is found again by the next look.
    void erase(UUID accountId) {
        for (var table : ERASED) {
            while (left(table, accountId)) {
                jdbc.sql(ERASE_SOME.formatted(table))
                        .param("account", accountId)
                        .query(Long.class)
                        .single();
            }
        }
    }

    private boolean left(String table, UUID accountId) {
        return jdbc.sql("select exists (select from insights.%s where account_id = :account)".formatted(table))
                .param("account", accountId)
                .query(Boolean.class)
                .single();
    }

    /// How many rows of each table were erased since this was last asked; empty when nothing was. For the
    /// caller's transaction: what it answers must be kept.
    Optional<Map<String, Object>> takeErased(UUID accountId) {
        return jdbc.sql(TAKE_ERASED)
                .param("account", accountId)
                .query(String.class)
                .optional()
                .map(json -> Wire.JSON.readValue(json, COUNTS));
    }

    /// How many rows there are of an account now, by table.
    Map<String, Object> left(UUID accountId) {
        var left = new TreeMap<String, Object>();
        for (var table : ERASED) {
            left.put(
                    table,
                    jdbc.sql(LEFT.formatted(table))
                            .param("account", accountId)
                            .query(Long.class)
                            .single());
        }
        return left;
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
