package outrider.scheduler.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scan.Lane;
import outrider.scheduler.Sql;
import outrider.scheduler.due.Checkers;
import outrider.scheduler.due.QueuedScan;
import outrider.scheduler.due.ScheduleProperties;

/// The scopes that somebody wants scanned now. Callers bring the transaction.
@Component
final class OnDemandScans {

    private static final String OWNER = "select account_id from scheduler.asset where id = :asset";

    private static final String ACCOUNT_EXISTS =
            "select exists (select from scheduler.account where id = :account and not going)";

    private static final String ASSETS = """
            select id from scheduler.asset where account_id = :account and (:after::uuid is null or id > :after) order by id limit :limit
            """;

    private static final String LOCK = """
            select asset_id, checker, scan_id, sequence, scan_lane = 'interactive' and scan_state = 'queued' as waiting
              from scheduler.scope
             where asset_id = any (:assets)
               and checker = any (:checkers)
             order by asset_id, checker
               for update
            """;

    private static final String OPEN = """
            update scheduler.scope s
               set attempted_at = :now
                 , sequence = s.sequence + 1
                 , next_due = case when s.next_due <= :now then scheduler.next_due(a.place, :now, p.every, p.anchor) else s.next_due end
                 , scan_id = scheduler.scan_id(:now, a.place, k.number, s.sequence + 1)
                 , scan_state = 'queued'
                 , scan_lane = 'interactive'
                 , scan_lengthy = scheduler.is_lengthy(wanted.slow, a.records, s.usual_millis, :slow_records, :slow_millis)
                 , expires_at = :expires_at
                 , lease_until = :lease_until
              from unnest(:assets, :checkers, :slow) as wanted (asset_id, checker, slow)
              join scheduler.asset a on a.id = wanted.asset_id
              join scheduler.account c on c.id = a.account_id
              join scheduler.plan p on p.plan = c.plan
              join scheduler.checker k on k.checker = wanted.checker
             where s.asset_id = wanted.asset_id
               and s.checker = wanted.checker
               and s.scan_id is null
            returning s.asset_id, s.account_id, a.kind, a.name, a.endpoints, s.checker, s.sequence, s.attempted_at
                    , s.scan_id, s.scan_lane, s.scan_lengthy, s.expires_at
            """;

    private final JdbcClient jdbc;
    private final Checkers checkers;
    private final ScheduleProperties.Slow slow;

    OnDemandScans(JdbcClient jdbc, Checkers checkers, ScheduleProperties properties) {
        this.jdbc = jdbc;
        this.checkers = checkers;
        this.slow = properties.slow();
    }

    /// A scope and its open scan, if it has one.
    ///
    /// @param waiting whether that is a scan on demand that has not begun
    record Wanted(UUID assetId, String checker, @Nullable UUID scanId, long sequence, boolean waiting) {}

    /// The account of an asset; null where there is no such asset.
    @Nullable
    UUID owner(UUID asset) {
        return jdbc.sql(OWNER)
                .param("asset", asset)
                .query(UUID.class)
                .optional()
                .orElse(null);
    }

    boolean accountExists(UUID account) {
        return jdbc.sql(ACCOUNT_EXISTS)
                .param("account", account)
                .query(Boolean.class)
                .single();
    }

    /// @param after the last asset of the request before; null: it is the first
    List<UUID> assets(UUID account, @Nullable UUID after, int limit) {
        return jdbc.sql(ASSETS)
                .param("account", account)
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
    }

    /// Locks the scopes of these assets and checkers.
    List<Wanted> lock(Collection<UUID> assets, Collection<String> checkers) {
        return jdbc.sql(LOCK)
                .param("assets", Sql.array("uuid", assets, id -> id))
                .param("checkers", Sql.array("text", checkers, name -> name))
                .query((row, number) -> new Wanted(
                        row.getObject("asset_id", UUID.class),
                        row.getString("checker"),
                        row.getObject("scan_id", UUID.class),
                        row.getLong("sequence"),
                        row.getBoolean("waiting")))
                .list();
    }

    /// Opens an interactive scan in each of these locked scopes, none of which has an open scan now. Where a
    /// routine scan is due, it stands in for that, which would otherwise follow on its heels.
    List<QueuedScan> open(Collection<Wanted> scopes, Instant now, Duration lease, Duration expiry) {
        return jdbc.sql(OPEN)
                .param("assets", Sql.array("uuid", scopes, Wanted::assetId))
                .param("checkers", Sql.array("text", scopes, Wanted::checker))
                .param("slow", Sql.array("bool", scopes, scope -> checkers.laneOf(scope.checker()) == Lane.SLOW))
                .param("slow_records", slow.records())
                .param("slow_millis", slow.after().toMillis())
                .param("now", Sql.at(now))
                .param("lease_until", Sql.at(now.plus(lease)))
                .param("expires_at", Sql.at(now.plus(expiry)))
                .query(QueuedScan::from)
                .list();
    }
}
