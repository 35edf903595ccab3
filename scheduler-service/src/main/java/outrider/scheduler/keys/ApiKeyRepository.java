package outrider.scheduler.keys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// The tables `api_key` and `api_secret`.
@Component
final class ApiKeyRepository {

    private static final String INSERT = """
            insert into scheduler.api_key (id, name, scopes, account_id, created_at, created_by)
            select :id, :name, :scopes, :account::uuid, :at, :by
             where :account::uuid is null
                or exists (select from scheduler.account where id = :account and not going for key share)
            """;

    private static final String ADD_SECRET = """
            insert into scheduler.api_secret (hash, key_id, created_at, expires_at) values (:hash, :key, :at, :expires)
            """;

    private static final String END_SECRETS = """
            update scheduler.api_secret set expires_at = :end where key_id = :key and expires_at > :end
            """;

    private static final String FORGET_ENDED = """
            delete from scheduler.api_secret where key_id = :key and expires_at <= :now
            """;

    private static final String LOCK = "select true from scheduler.api_key where id = :id for update";

    private static final String LIST = """
            select k.*, s.created_at as secret_at, s.expires_at, s.last_used_at
              from (select * from scheduler.api_key
                     where (:id::uuid is null or id = :id)
                       and (:after::uuid is null or id > :after)
                     order by id
                     limit :limit) k
              left join scheduler.api_secret s on s.key_id = k.id
             order by k.id, s.created_at desc
            """;

    private static final String DELETE = "delete from scheduler.api_key where id = :id";

    private static final String HOLDER = """
            select k.id, k.scopes, k.account_id, s.expires_at
              from scheduler.api_secret s
              join scheduler.api_key k on k.id = s.key_id
             where s.hash = :hash
               and s.expires_at > :now
               and not exists (select from scheduler.account a where a.id = k.account_id and a.going)
            """;

    private static final String USED = """
            update scheduler.api_secret
               set last_used_at = :now
             where hash = :hash
               and (last_used_at is null or last_used_at < :now::timestamptz - interval '1 minute')
            """;

    private final JdbcClient jdbc;

    ApiKeyRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// What a secret lets its bearer do, and until when.
    record Holder(UUID id, List<String> scopes, @Nullable UUID account, Instant expiresAt) {

        Holder {
            scopes = List.copyOf(scopes);
        }
    }

    /// False when there is no such account.
    boolean insert(ApiKey key) {
        return jdbc.sql(INSERT)
                        .param("id", key.id())
                        .param("name", key.name())
                        .param("scopes", Sql.array("text", key.scopes(), scope -> scope))
                        .param("account", key.accountId())
                        .param("at", Sql.at(key.createdAt()))
                        .param("by", key.createdBy())
                        .update()
                == 1;
    }

    void addSecret(UUID key, byte[] hash, Instant at, Instant expires) {
        jdbc.sql(ADD_SECRET)
                .param("hash", hash)
                .param("key", key)
                .param("at", Sql.at(at))
                .param("expires", Sql.at(expires))
                .update();
    }

    /// Forgets the secrets that have ended, and lets the others end then at the latest.
    void endSecrets(UUID key, Instant now, Instant end) {
        jdbc.sql(FORGET_ENDED).param("key", key).param("now", Sql.at(now)).update();
        jdbc.sql(END_SECRETS).param("key", key).param("end", Sql.at(end)).update();
    }

    /// Whether there is such a key; nobody else changes it until the transaction ends.
    boolean lock(UUID id) {
        return jdbc.sql(LOCK).param("id", id).query(Boolean.class).optional().isPresent();
    }

    Optional<ApiKey> find(UUID id) {
        return list(id, null, 1).stream().findFirst();
    }

    /// @param after the last key of the page before
    List<ApiKey> list(@Nullable UUID after, int limit) {
        return list(null, after, limit);
    }

    boolean delete(UUID id) {
        return jdbc.sql(DELETE).param("id", id).update() == 1;
    }

    /// Whoever holds a secret of that hash; empty where it is unknown or has ended.
    Optional<Holder> holder(byte[] hash, Instant now) {
        var holder = jdbc.sql(HOLDER)
                .param("hash", hash)
                .param("now", Sql.at(now))
                .query((row, number) -> new Holder(
                        row.getObject("id", UUID.class),
                        scopes(row),
                        row.getObject("account_id", UUID.class),
                        Sql.instant(row, "expires_at")))
                .optional();
        if (holder.isPresent()) {
            jdbc.sql(USED).param("hash", hash).param("now", Sql.at(now)).update();
        }
        return holder;
    }

    private List<ApiKey> list(@Nullable UUID id, @Nullable UUID after, int limit) {
        var keys = new LinkedHashMap<UUID, ApiKey>();
        jdbc.sql(LIST)
                .param("id", id)
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> key(row))
                .list()
                .forEach(key -> keys.merge(key.id(), key, ApiKeyRepository::together));
        return List.copyOf(keys.values());
    }

    private static ApiKey together(ApiKey one, ApiKey other) {
        var secrets = new ArrayList<>(one.secrets());
        secrets.addAll(other.secrets());
        return new ApiKey(
                one.id(), one.name(), one.scopes(), one.accountId(), one.createdAt(), one.createdBy(), secrets);
    }

    /// A key with one of its secrets.
    private static ApiKey key(ResultSet row) throws SQLException {
        var expires = Sql.instantOrNull(row, "expires_at");
        return new ApiKey(
                row.getObject("id", UUID.class),
                row.getString("name"),
                scopes(row),
                row.getObject("account_id", UUID.class),
                Sql.instant(row, "created_at"),
                row.getString("created_by"),
                expires == null
                        ? List.of()
                        : List.of(new ApiKey.Secret(
                                Sql.instant(row, "secret_at"), expires, Sql.instantOrNull(row, "last_used_at"))));
    }

    private static List<String> scopes(ResultSet row) throws SQLException {
        return List.of((String[]) row.getArray("scopes").getArray());
    }
}
