package outrider.insights.inventory;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import outrider.scan.Endpoint;
import outrider.scan.InventoryRecord;

/// The tables `plan`, `account` and `asset`, as the inventory tells of them.
@Component
final class InventoryRepository {

    private static final String HOLD = "select insights.hold_deletions(?)";

    private static final String SAVE_PLANS = """
            insert into insights.plan as p (plan, every)
            select plan, make_interval(secs => seconds) from unnest(?, ?) as given (plan, seconds) order by plan
                on conflict (plan) do update set every = excluded.every where p.every <> excluded.every
            """;

    private static final String SAVE_ACCOUNTS = """
            insert into insights.account as a (id, name, plan, deleted, erased)
            select id, name, plan, deleted, case when deleted then '{}'::jsonb end
              from unnest(?, ?, ?, ?) as given (id, name, plan, deleted)
             order by id
                on conflict (id) do update
               set name = excluded.name
                 , plan = excluded.plan
                 , deleted = excluded.deleted
                 , erased = case when excluded.deleted and not a.deleted then '{}' else a.erased end
             where (a.name, a.plan, a.deleted) is distinct from (excluded.name, excluded.plan, excluded.deleted)
            """;

    /// A record on an older revision than is known comes late and changes nothing. What a change takes away is noted
    /// for the scopes there are: a rename all but the endpoints that stay, any other change the endpoints it drops.
    private static final String SAVE_ASSETS = """
            with saved as (
                insert into insights.asset as a (account_id, id, kind, name, endpoints, deleted, revision)
                select account_id, id, kind, name, string_to_array(endpoints, ' '), deleted, revision
                  from unnest(?, ?, ?, ?, ?, ?, ?) as given (account_id, id, kind, name, endpoints, deleted, revision)
                 order by account_id, id
                    on conflict (account_id, id) do update
                   set kind = excluded.kind
                     , name = excluded.name
                     , endpoints = excluded.endpoints
                     , deleted = excluded.deleted
                     , revision = greatest(a.revision, excluded.revision)
                 where (excluded.revision = 0 or excluded.revision >= a.revision)
                   and (a.kind, a.name, a.endpoints, a.deleted, a.revision)
                       is distinct from
                       (excluded.kind, excluded.name, excluded.endpoints, excluded.deleted, greatest(a.revision, excluded.revision))
                returning new.account_id, new.id, new.revision, new.deleted
                        , new.name <> coalesce(old.name, new.name) as renamed
                        , coalesce(old.endpoints, '{}') as before, new.endpoints as after
            )
            insert into insights.removal (account_id, asset_id, revision, deleted, gone, staying)
            select account_id, id, revision, deleted
                 , case when not deleted and not renamed then array(select unnest(before) except select unnest(after)) end
                 , case when not deleted and renamed then array(select unnest(before) intersect select unnest(after)) else '{}' end
              from saved
             where exists (select from insights.scope s where s.account_id = saved.account_id and s.asset_id = saved.id)
             order by account_id, id
            """;

    private final JdbcClient jdbc;

    InventoryRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Keeps the births of scopes in these accounts out until the caller's transaction ends. So each scope is either
    /// there when a change is noted for it, or born by what the change has made of its asset.
    void hold(Stream<UUID> accounts) {
        jdbc.sql(HOLD)
                .param(new SqlArrayValue("uuid", accounts.distinct().toArray()))
                .query(rows -> {});
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

    /// Saves the assets, and notes what is gone with their changes.
    void saveAssets(List<InventoryRecord.Asset> assets) {
        jdbc.sql(SAVE_ASSETS)
                .param(array("uuid", assets, InventoryRecord.Asset::accountId))
                .param(array("uuid", assets, InventoryRecord.Asset::id))
                .param(array("text", assets, asset -> asset.kind().name()))
                .param(array("text", assets, InventoryRecord.Asset::name))
                .param(array("text", assets, InventoryRepository::endpoints))
                .param(array("bool", assets, InventoryRecord.Asset::deleted))
                .param(array("int8", assets, asset -> asset.revision() == null ? 0 : asset.revision()))
                .update();
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
}
