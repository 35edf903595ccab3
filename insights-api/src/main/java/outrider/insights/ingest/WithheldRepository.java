package outrider.insights.ingest;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The closes that were withheld because a report made implausibly many.
@Component
final class WithheldRepository {

    private static final String PAGE = """
            select s.account_id, s.asset_id, a.name as asset_name, s.checker, s.last_scan_id, s.scanned_at, s.withheld
                 , s.scope_id
                 , (select count(*) from insights.insight i
                     where i.account_id = s.account_id and i.scope_id = s.scope_id and i.state <> 'resolved') as live
              from insights.scope s
              left join insights.asset a on a.account_id = s.account_id and a.id = s.asset_id
             where s.withheld > 0 and (s.account_id, s.scope_id) > (:account, :scope)
             order by s.account_id, s.scope_id
             limit :limit
            """;

    private static final String COUNT = "select count(*) from insights.scope where withheld > 0";

    /// In a statement of its own, before the one that reads insights.
    private static final String LOCK = """
            select scope_id
              from insights.scope
             where account_id = :account and asset_id = :asset and checker = :checker and last_scan_id = :scan and withheld > 0
               for no key update
            """;

    /// Some of them, so that no lock is held for long.
    private static final String CLOSE = """
            with scope as materialized (
                select * from insights.scope where account_id = :account and scope_id = :scope
            ), accepted as (
                delete from insights.withheld w
                 using scope s
                 where w.ctid = any (array(select ctid from insights.withheld where account_id = :account and scope_id = :scope limit :step))
                   and w.account_id = s.account_id and w.scope_id = s.scope_id
                returning w.key, w.resolution, w.seq = s.last_seq as counts
            ), closed as (
                update insights.insight i
                   set state = 'resolved', resolution = a.resolution, resolved_at = s.scanned_at, changed_at = s.scanned_at
                  from accepted a cross join scope s
                 where i.account_id = s.account_id and i.scope_id = s.scope_id and i.key = a.key
                   and a.counts and i.state <> 'resolved'
                returning i.key, i.resolution
            ), recorded as (
                insert into insights.insight_event (account_id, scope_id, key, at, seq, kind, reason)
                select s.account_id, s.scope_id, c.key, s.scanned_at, s.last_seq, 'resolved', c.resolution
                  from closed c cross join scope s
            )
            select (select count(*) from accepted) as accepted, (select count(*) from closed) as closed
            """;

    private static final String LEFT = """
            update insights.scope s
               set withheld = (select count(*) from insights.withheld w
                                where w.account_id = s.account_id and w.scope_id = s.scope_id and w.seq = s.last_seq)
             where s.account_id = :account and s.scope_id = :scope
            """;

    private static final String NOTE = """
            insert into insights.audit (id, at, service, replica, actor, action, target, after)
            select uuidv7(), now(), 'insights-api', coalesce(inet_client_addr()::text, 'local'), :actor, 'withheld.accept'
                 , concat_ws('/', 'scope', s.account_id, s.asset_id, s.checker)
                 , json_build_object('scan_id', s.last_scan_id, 'closed', :closed)
              from insights.scope s
             where s.account_id = :account and s.scope_id = :scope
            """;

    /// Closed in one transaction.
    static final int STEP = 1_000;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    WithheldRepository(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /// A scope whose last report would have closed implausibly much.
    ///
    /// @param scanId the scan of that report
    /// @param withheld the insights it would have closed
    /// @param live the insights that are open or suspected
    record Withheld(
            UUID accountId,
            UUID assetId,
            @Nullable String assetName,
            String checker,
            UUID scanId,
            Instant scannedAt,
            int withheld,
            long live) {}

    /// Where a page begins: behind that scope.
    record Cursor(UUID accountId, long scopeId) {

        static final Cursor BEGINNING = new Cursor(new UUID(0, 0), 0);
    }

    /// A scope and its place in the order.
    record Entry(Withheld withheld, Cursor cursor) {}

    List<Entry> page(Cursor cursor, int limit) {
        return jdbc.sql(PAGE)
                .param("account", cursor.accountId())
                .param("scope", cursor.scopeId())
                .param("limit", limit)
                .query(WithheldRepository::entry)
                .list();
    }

    long scopes() {
        return jdbc.sql(COUNT).query(Long.class).single();
    }

    /// Closes what the scan would have closed, some at a time, and notes who said so.
    ///
    /// @param scan the scan whose closes one has looked at; a later one of the scope ends it
    /// @return how many were closed; null if that scan is not the scope's last or nothing of it is withheld
    @Nullable
    Long accept(Report.Scope scope, UUID scan, String actor) {
        var closed = 0L;
        for (var begun = false; ; begun = true) {
            var step = transaction.execute(status -> step(scope, scan, actor));
            if (step == null) {
                return begun ? Long.valueOf(closed) : null;
            }
            closed += step;
        }
    }

    /// Each step is in the audit by itself: what it has closed stays closed whatever becomes of the next.
    private @Nullable Long step(Report.Scope scope, UUID scan, String actor) {
        return jdbc.sql(LOCK)
                .param("account", scope.accountId())
                .param("asset", scope.assetId())
                .param("checker", scope.checker())
                .param("scan", scan)
                .query(Long.class)
                .optional()
                .map(id -> close(scope.accountId(), id, actor))
                .orElse(null);
    }

    private record Step(long accepted, long closed) {}

    private long close(UUID account, long scope, String actor) {
        var step = jdbc.sql(CLOSE)
                .param("account", account)
                .param("scope", scope)
                .param("step", STEP)
                .query((row, number) -> new Step(row.getLong("accepted"), row.getLong("closed")))
                .single();
        jdbc.sql(LEFT).param("account", account).param("scope", scope).update();
        if (step.closed() > 0) {
            jdbc.sql(NOTE)
                    .param("account", account)
                    .param("scope", scope)
                    .param("actor", actor)
                    .param("closed", step.closed())
                    .update();
        }
        return step.closed();
    }

    private static Entry entry(ResultSet row, int number) throws SQLException {
        var account = row.getObject("account_id", UUID.class);
        return new Entry(
                new Withheld(
                        account,
                        row.getObject("asset_id", UUID.class),
                        row.getString("asset_name"),
                        row.getString("checker"),
                        row.getObject("last_scan_id", UUID.class),
                        row.getObject("scanned_at", OffsetDateTime.class).toInstant(),
                        row.getInt("withheld"),
                        row.getLong("live")),
                new Cursor(account, row.getLong("scope_id")));
    }
}
