package outrider.insights.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Closes the insights on what is gone from the inventory: first the asset's scopes refuse reports that do not know
/// it yet, then the insights are closed, some at a time, so that no lock is held for long.
///
/// Whoever dies within it leaves the rest to the next; done twice it changes nothing. The changes of one asset are
/// done in their order.
@Component
final class Removals {

    private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

    /// Closed in one transaction.
    static final int STEP = 1_000;

    /// A small report holds a scope for milliseconds.
    private static final int TRIES = 50;

    private static final long PAUSE_NANOS = 20_000_000;

    /// With a lease, so that no transaction is open while there is work.
    private static final String NEXT = """
            select *
              from insights.removal r
             where due <= now()
               and not exists (select from insights.removal e
                                where e.account_id = r.account_id and e.asset_id = r.asset_id and e.id < r.id)
             order by due
             limit 1
               for update skip locked
            """;

    private static final String OLDEST =
            "select extract(epoch from now() - noted_at) * 1000 from insights.removal order by id limit 1";

    private static final String LEASE = "update insights.removal set due = now() + interval '1 minute' where id = :id";

    private static final String PUT_OFF =
            "update insights.removal set due = now() + interval '2 seconds' where id = :id";

    private static final String DONE = "delete from insights.removal where id = :id";

    /// A large merge may hold a scope for minutes: other removals come first then.
    private static final String LOCK_SCOPES = """
            select scope_id
              from insights.scope
             where account_id = :account and asset_id = :asset
             order by scope_id
               for no key update skip locked
            """;

    private static final String COUNT_SCOPES = """
            select count(*) from insights.scope where account_id = :account and asset_id = :asset
            """;

    private static final String SCOPES = """
            select scope_id from insights.scope where account_id = :account and asset_id = :asset order by scope_id
            """;

    private static final String MARK = """
            update insights.scope
               set revision = greatest(revision, :revision)
                 , removed = :deleted
                 , digest = case when :closes then null else digest end
             where account_id = :account and asset_id = :asset
            """;

    /// Not what a report has said that knew of the change.
    private static final String AFFECTED = """
               and i.state <> 'resolved'
               and (:all or i.subject = any (:gone))
               and not i.subject = any (:staying)
               and (:deleted or not (:revision > 0 and s.looked_revision >= :revision and i.seen_at is null
                                      and insights.answered_last(s.coverage -> i.check_id)))
            """;

    private static final String KEYS = """
            select i.key
              from insights.scope s
              join insights.insight i on i.account_id = s.account_id and i.scope_id = s.scope_id
             where s.account_id = :account and s.scope_id = :scope
            """ + AFFECTED;

    private static final String LOCK = """
            select scope_id from insights.scope where account_id = :account and scope_id = :scope for no key update skip locked
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
                 where s.account_id = :account and s.scope_id = :scope
                   and i.account_id = s.account_id and i.scope_id = s.scope_id
                   and i.key = any (:keys)
            """ + AFFECTED + """
                returning i.account_id, i.scope_id, i.key, s.last_seq
            ), unequal as (
                update insights.part set digest = null where account_id = :account and scope_id = :scope
            ), recorded as (
                insert into insights.insight_event (account_id, scope_id, key, at, seq, kind, reason)
                select account_id, scope_id, key, now(), last_seq, 'resolved', 'removed' from closed
            )
            update insights.scope set digest = null where account_id = :account and scope_id = :scope
            """;

    private static final String FORGET_WITHHELD = """
            delete from insights.withheld
             where ctid = any (array(select ctid from insights.withheld where account_id = :account and scope_id = :scope limit 10000))
            """;

    private static final String NOTHING_WITHHELD =
            "update insights.scope set withheld = 0 where account_id = :account and scope_id = :scope and withheld > 0";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    Removals(JdbcClient jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /// What a change of an asset has taken away.
    ///
    /// @param revision of the asset without it
    /// @param deleted the asset itself is gone
    /// @param gone the subjects that are; null: all but those that stay
    private record Removal(
            long id,
            UUID account,
            UUID asset,
            long revision,
            boolean deleted,
            @Nullable List<String> gone,
            List<String> staying) {

        boolean closes() {
            return gone == null || !gone.isEmpty();
        }
    }

    /// One round: all that one change has taken away.
    ///
    /// @return whether there may be more to do at once
    boolean round() {
        var next = take();
        next.ifPresent(this::follow);
        return next.isPresent();
    }

    /// For how long the oldest change has waited to be followed to its end; zero when none waits.
    Duration oldest() {
        return jdbc.sql(OLDEST)
                .query((row, number) -> Duration.ofMillis(Math.max(0, row.getLong(1))))
                .optional()
                .orElse(Duration.ZERO);
    }

    private Optional<Removal> take() {
        return transaction.execute(status -> {
            var next = jdbc.sql(NEXT).query(Removals::removal).optional();
            next.ifPresent(removal -> jdbc.sql(LEASE).param("id", removal.id()).update());
            return next;
        });
    }

    private void follow(Removal removal) {
        if (patiently(() -> mark(removal)) && scopes(removal).stream().allMatch(scope -> follow(removal, scope))) {
            jdbc.sql(DONE).param("id", removal.id()).update();
        } else {
            LOG.debug("The removal {} waits for a report", removal.id());
            jdbc.sql(PUT_OFF).param("id", removal.id()).update();
        }
    }

    private static boolean patiently(BooleanSupplier step) {
        for (var tries = 1; !step.getAsBoolean(); tries++) {
            if (tries == TRIES) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    /// From here on no report that does not know the change is taken. False: a report holds one of the scopes.
    private boolean mark(Removal removal) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var locked = of(LOCK_SCOPES, removal).query(Long.class).list().size();
            if (locked < of(COUNT_SCOPES, removal).query(Long.class).single()) {
                return false;
            }
            of(MARK, removal)
                    .param("revision", removal.revision())
                    .param("deleted", removal.deleted())
                    .param("closes", removal.closes())
                    .update();
            return true;
        }));
    }

    private List<Long> scopes(Removal removal) {
        return of(SCOPES, removal).query((row, number) -> row.getLong(1)).list();
    }

    private JdbcClient.StatementSpec of(String statement, Removal removal) {
        return jdbc.sql(statement).param("account", removal.account()).param("asset", removal.asset());
    }

    /// False: a report holds the scope.
    private boolean follow(Removal removal, long scope) {
        if (removal.closes() && !close(removal, scope)) {
            return false;
        }
        if (removal.deleted()) {
            forgetWithheld(removal.account(), scope);
        }
        return true;
    }

    private boolean close(Removal removal, long scope) {
        var keys = affected(KEYS, removal, scope)
                .query((row, number) -> row.getObject(1, UUID.class))
                .list();
        for (var from = 0; from < keys.size(); from += STEP) {
            var step = keys.subList(from, Math.min(from + STEP, keys.size()));
            if (!patiently(() -> close(removal, scope, step))) {
                return false;
            }
        }
        return true;
    }

    private boolean close(Removal removal, long scope, List<UUID> keys) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var locked = jdbc.sql(LOCK)
                    .param("account", removal.account())
                    .param("scope", scope)
                    .query(Long.class)
                    .optional();
            locked.ifPresent(id -> {
                affected(CLOSE, removal, scope)
                        .param("keys", new SqlArrayValue("uuid", keys.toArray()))
                        .update();
                jdbc.sql(LEASE).param("id", removal.id()).update();
            });
            return locked.isPresent();
        }));
    }

    private JdbcClient.StatementSpec affected(String statement, Removal removal, long scope) {
        var gone = removal.gone();
        return jdbc.sql(statement)
                .param("account", removal.account())
                .param("scope", scope)
                .param("revision", removal.revision())
                .param("deleted", removal.deleted())
                .param("all", gone == null)
                .param("gone", new SqlArrayValue("text", gone == null ? new Object[0] : gone.toArray()))
                .param("staying", new SqlArrayValue("text", removal.staying().toArray()));
    }

    private void forgetWithheld(UUID account, long scope) {
        var withheld = jdbc.sql(FORGET_WITHHELD).param("account", account).param("scope", scope);
        while (withheld.update() > 0) {}
        jdbc.sql(NOTHING_WITHHELD)
                .param("account", account)
                .param("scope", scope)
                .update();
    }

    private static Removal removal(ResultSet row, int number) throws SQLException {
        var gone = row.getArray("gone");
        return new Removal(
                row.getLong("id"),
                row.getObject("account_id", UUID.class),
                row.getObject("asset_id", UUID.class),
                row.getLong("revision"),
                row.getBoolean("deleted"),
                gone == null ? null : List.of((String[]) gone.getArray()),
                List.of((String[]) row.getArray("staying").getArray()));
    }
}
