package outrider.scheduler.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import outrider.scan.AssetKind;
import outrider.scan.Endpoint;
import outrider.scheduler.Sql;

/// The assets, as stored.
@Component
final class AssetRepository {

    /// The update changes nothing: it locks the row that is there and answers it.
    private static final String INSERT_OR_FIND = """
            insert into scheduler.asset (id, account_id, kind, name, endpoints, created_at)
            values (:id, :account, :kind, :name, :endpoints, :created_at)
                on conflict (account_id, kind, name) do update set name = excluded.name
            returning *
            """;

    /// In the order of their names, so that two who add the same ones wait for each other and not in a circle.
    private static final String INSERT_NEW = """
            insert into scheduler.asset (id, account_id, kind, name, endpoints, created_at)
            select id, :account, kind, name, string_to_array(endpoints, ' '), :created_at
              from unnest(:ids, :kinds, :names, :endpoints) as t (id, kind, name, endpoints)
             order by kind, name
                on conflict (account_id, kind, name) do nothing
            returning *
            """;

    /// Kept from being deleted; everybody else may read and add on.
    private static final String BY_NAME = """
            select a.*
              from unnest(:kinds, :names) as t (kind, name)
              join scheduler.asset a on a.account_id = :account and a.kind = t.kind and a.name = t.name
               for key share of a
            """;

    private static final String FIND = "select * from scheduler.asset where id = :id";

    private static final String LOCK = "select * from scheduler.asset where id = :id for update";

    private static final String LIST = """
            select *
              from scheduler.asset
             where account_id = :account
               and (:after::uuid is null or id > :after)
               and (:kind::text is null or kind = :kind)
               and (:prefix::text is null or starts_with(name, :prefix))
             order by id
             limit :limit
            """;

    /// Locked, so that a change which is on its way is published before the deletion.
    private static final String LOCK_SOME = """
            select * from scheduler.asset where account_id = :account order by id limit :limit for update
            """;

    private static final String UPDATE = """
            update scheduler.asset set name = :name, endpoints = :endpoints, revision = revision + 1 where id = :id returning *
            """;

    private static final String REVISE =
            "update scheduler.asset set revision = revision + 1 where id = :id returning *";

    private static final String DELETE = "delete from scheduler.asset where id = any (:ids)";

    private final JdbcClient jdbc;

    AssetRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Adds an asset, or answers the one of its account, kind and name that is there already, with another id.
    Asset insertOrFind(Asset asset) {
        return jdbc.sql(INSERT_OR_FIND)
                .param("id", asset.id())
                .param("account", asset.accountId())
                .param("kind", kind(asset.kind()))
                .param("name", asset.name())
                .param("endpoints", endpoints(asset))
                .param("created_at", Sql.at(asset.createdAt()))
                .query(AssetRepository::read)
                .single();
    }

    /// Adds those assets of an account, no two of one kind and name, that are not there yet, and answers them.
    List<Asset> insertNew(UUID account, Collection<Asset> assets, Instant now) {
        return named(jdbc.sql(INSERT_NEW), assets)
                .param("account", account)
                .param("ids", Sql.array("uuid", assets, Asset::id))
                .param("endpoints", Sql.array("text", assets, AssetRepository::joined))
                .param("created_at", Sql.at(now))
                .query(AssetRepository::read)
                .list();
    }

    /// The assets of the account that have the kind and name of one of these; they stay until the transaction ends.
    List<Asset> findByName(UUID account, Collection<Asset> alike) {
        return named(jdbc.sql(BY_NAME), alike)
                .param("account", account)
                .query(AssetRepository::read)
                .list();
    }

    private static JdbcClient.StatementSpec named(JdbcClient.StatementSpec statement, Collection<Asset> assets) {
        return statement
                .param("kinds", Sql.array("text", assets, asset -> kind(asset.kind())))
                .param("names", Sql.array("text", assets, Asset::name));
    }

    private static String joined(Asset asset) {
        return asset.endpoints().stream().map(Endpoint::toString).collect(Collectors.joining(" "));
    }

    Optional<Asset> find(UUID id) {
        return jdbc.sql(FIND).param("id", id).query(AssetRepository::read).optional();
    }

    /// The asset, for a change in the same transaction.
    Optional<Asset> lock(UUID id) {
        return jdbc.sql(LOCK).param("id", id).query(AssetRepository::read).optional();
    }

    /// Which assets of an account are meant: those that match all that is given.
    ///
    /// @param prefix what the name begins with
    record Filter(@Nullable AssetKind kind, @Nullable String prefix) {}

    /// @param after the last asset of the page before
    List<Asset> list(UUID account, Filter filter, @Nullable UUID after, int limit) {
        return jdbc.sql(LIST)
                .param("account", account)
                .param("after", after)
                .param("kind", filter.kind() == null ? null : kind(filter.kind()))
                .param("prefix", filter.prefix())
                .param("limit", limit)
                .query(AssetRepository::read)
                .list();
    }

    /// Some assets of an account, for their deletion in the same transaction.
    List<Asset> lockSome(UUID account, int limit) {
        return jdbc.sql(LOCK_SOME)
                .param("account", account)
                .param("limit", limit)
                .query(AssetRepository::read)
                .list();
    }

    /// Stores name and endpoints as the next revision, and answers it.
    Asset update(Asset asset) {
        return jdbc.sql(UPDATE)
                .param("id", asset.id())
                .param("name", asset.name())
                .param("endpoints", endpoints(asset))
                .query(AssetRepository::read)
                .single();
    }

    /// Makes the next revision of an asset whose records have changed, and answers it.
    Asset revise(UUID id) {
        return jdbc.sql(REVISE).param("id", id).query(AssetRepository::read).single();
    }

    void delete(List<UUID> ids) {
        jdbc.sql(DELETE).param("ids", Sql.array("uuid", ids, id -> id)).update();
    }

    private static String kind(AssetKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static SqlArrayValue endpoints(Asset asset) {
        return Sql.array("text", asset.endpoints(), Endpoint::toString);
    }

    private static Asset read(ResultSet row, int number) throws SQLException {
        return new Asset(
                row.getObject("id", UUID.class),
                row.getObject("account_id", UUID.class),
                AssetKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("name"),
                Stream.of((String[]) row.getArray("endpoints").getArray())
                        .map(Endpoint::of)
                        .toList(),
                Sql.instant(row, "created_at"),
                row.getLong("revision"));
    }
}
