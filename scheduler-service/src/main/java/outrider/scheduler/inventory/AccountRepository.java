package outrider.scheduler.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scan.Plan;
import outrider.scan.Wire;
import outrider.scheduler.Sql;
import tools.jackson.core.type.TypeReference;

/// The accounts, as stored.
@Component
final class AccountRepository {

    private static final String INSERT = """
            insert into scheduler.account (id, name, plan, created_at) values (:id, :name, :plan, :created_at)
            """;

    private static final String FIND = "select * from scheduler.account where id = :id and not going";

    /// Keeps the account from being deleted, and lets everybody else read and add on.
    private static final String HOLD = "select true from scheduler.account where id = :id and not going for key share";

    private static final String LOCK = "select * from scheduler.account where id = :id and not going for update";

    private static final String LIST = """
            select *
              from scheduler.account
             where not going
               and (:only::uuid is null or id = :only)
               and (:after::uuid is null or id > :after)
             order by id
             limit :limit
            """;

    private static final String UPDATE = "update scheduler.account set name = :name, plan = :plan where id = :id";

    private static final String MARK_GOING = "update scheduler.account set going = true where id = :id";

    private static final String GOING = "select id from scheduler.account where going order by id limit 1";

    private static final String NOTE_ERASED = """
            update scheduler.account
               set erased = erased || jsonb_build_object(:what::text, coalesce((erased ->> :what::text)::bigint, 0) + :rows)
             where id = :id
            """;

    private static final String ERASED = "select erased from scheduler.account where id = :id";

    private static final String DELETE = "delete from scheduler.account where id = :id and going returning *";

    private static final TypeReference<Map<String, Object>> COUNTS = new TypeReference<>() {};

    private final JdbcClient jdbc;

    AccountRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(Account account) {
        jdbc.sql(INSERT)
                .param("id", account.id())
                .param("name", account.name())
                .param("plan", plan(account.plan()))
                .param("created_at", Sql.at(account.createdAt()))
                .update();
    }

    Optional<Account> find(UUID id) {
        return jdbc.sql(FIND).param("id", id).query(AccountRepository::read).optional();
    }

    /// Whether there is such an account; there will be until the transaction ends.
    boolean hold(UUID id) {
        return jdbc.sql(HOLD).param("id", id).query(Boolean.class).optional().isPresent();
    }

    /// The account, for a change in the same transaction.
    Optional<Account> lock(UUID id) {
        return jdbc.sql(LOCK).param("id", id).query(AccountRepository::read).optional();
    }

    /// @param only the one account to list; null: all
    /// @param after the last account of the page before
    List<Account> list(@Nullable UUID only, @Nullable UUID after, int limit) {
        return jdbc.sql(LIST)
                .param("only", only)
                .param("after", after)
                .param("limit", limit)
                .query(AccountRepository::read)
                .list();
    }

    void update(Account account) {
        jdbc.sql(UPDATE)
                .param("id", account.id())
                .param("name", account.name())
                .param("plan", plan(account.plan()))
                .update();
    }

    /// Whether there was such an account; from now on there is none for anybody but its deletion. Waits for
    /// those who are adding to it.
    boolean markGoing(UUID id) {
        return lock(id).isPresent() && jdbc.sql(MARK_GOING).param("id", id).update() == 1;
    }

    /// One whose deletion has begun and not ended.
    Optional<UUID> going() {
        return jdbc.sql(GOING).query(UUID.class).optional();
    }

    /// Counts rows that were erased of one that is going, in their transaction.
    void noteErased(UUID id, String what, int rows) {
        jdbc.sql(NOTE_ERASED)
                .param("id", id)
                .param("what", what)
                .param("rows", rows)
                .update();
    }

    /// How many rows of what were erased of one that is going.
    Map<String, Object> erased(UUID id) {
        return jdbc.sql(ERASED)
                .param("id", id)
                .query(String.class)
                .optional()
                .map(json -> Wire.JSON.readValue(json, COUNTS))
                .orElseGet(Map::of);
    }

    /// Deletes one that is going and has no asset left.
    Optional<Account> delete(UUID id) {
        return jdbc.sql(DELETE).param("id", id).query(AccountRepository::read).optional();
    }

    private static String plan(Plan plan) {
        return plan.name().toLowerCase(Locale.ROOT);
    }

    private static Account read(ResultSet row, int number) throws SQLException {
        return new Account(
                row.getObject("id", UUID.class),
                row.getString("name"),
                Plan.valueOf(row.getString("plan").toUpperCase(Locale.ROOT)),
                Sql.instant(row, "created_at"));
    }
}
