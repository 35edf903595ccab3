package outrider.scheduler.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
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

    private static final String FIND = "select * from scheduler.asset where id = :id";

    private static final String LOCK = "select * from scheduler.asset where id = :id for update";

    private static final String LIST = """
            select *
              from scheduler.asset
             where account_id = :account
               and (:after::uuid is null or id > :after)
             order by id
             limit :limit
            """;

    /// Locked, so that a change which is on its way is published before the deletion.
    private static final String LOCK_SOME = """
            select * from scheduler.asset where account_id = :account order by id limit :limit for update
            """;

    private static final String UPDATE = """
            update scheduler.asset set name = :name, endpoints = :endpoints where id = :id
            """;

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

    Optional<Asset> find(UUID id) {
        return jdbc.sql(FIND).param("id", id).query(AssetRepository::read).optional();
    }

    /// The asset, for a change in the same transaction.
    Optional<Asset> lock(UUID id) {
        return jdbc.sql(LOCK).param("id", id).query(AssetRepository::read).optional();
    }

    /// @param after the last asset of the page before
    List<Asset> list(UUID account, @Nullable UUID after, int limit) {
        return jdbc.sql(LIST)
                .param("account", account)
                .param("after", after)
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

    void update(Asset asset) {
        jdbc.sql(UPDATE)
                .param("id", asset.id())
                .param("name", asset.name())
                .param("endpoints", endpoints(asset))
                .update();
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
                Sql.instant(row, "created_at"));
    }
}
