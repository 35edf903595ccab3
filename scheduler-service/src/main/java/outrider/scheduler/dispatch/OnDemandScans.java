package outrider.scheduler.dispatch;

import java.sql.ResultSet;
import java.sql.SQLException;
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
            select from scheduler.scope where asset_id = any (:assets) order by asset_id, checker for no key update
            """;

    private static final String WANTED = """
            select s.asset_id, k.checker, s.scan_id, s.sequence, b.lane, coalesce(o.moved_lane, b.lane) as open_lane, s.started_at is null as queued
              from scheduler.scope s
              join scheduler.checker k on k.number = s.checker
              left join scheduler.batch b on b.batch = s.batch
              left join scheduler.open_scan o on o.batch = s.batch and o.ordinal = s.ordinal
             where s.asset_id = any (:assets)
               and k.checker = any (:checkers)
             order by s.asset_id, s.checker
            """;

    private static final String OPEN = """
            with number as materialized (
                select nextval('scheduler.batch_batch_seq') as batch
            ), opened as (
                update scheduler.scope s
                   set attempted_at = :now
                     , sequence = s.sequence + 1
                     , next_due = case when s.next_due <= :now then scheduler.next_due(a.place, :now, p.every, p.anchor) else s.next_due end
                     , missed = false
                     , scan_id = scheduler.scan_id(:now, a.place, k.number, s.sequence + 1)
                     , batch = n.batch
                     , ordinal = wanted.ordinal
                  from unnest(:assets, :checkers, :slow) with ordinality as wanted (asset_id, checker, slow, ordinal)
                  join scheduler.asset a on a.id = wanted.asset_id
                  join scheduler.account c on c.id = a.account_id
                  join scheduler.plan p on p.plan = c.plan
                  join scheduler.checker k on k.checker = wanted.checker
                 cross join number n
                 where s.asset_id = wanted.asset_id
                   and s.checker = k.number
                   and s.scan_id is null
                returning s.asset_id, s.account_id, a.kind, a.name, a.endpoints, a.revision, s.checker as number, k.checker, s.sequence, s.attempted_at
                        , s.scan_id, s.batch, s.ordinal, 'interactive' as scan_lane
                        , scheduler.is_lengthy(wanted.slow, a.records, s.usual_millis, :slow_records, :slow_millis) as scan_lengthy
                        , :expires_at::timestamptz as expires_at
            ), open as (
                insert into scheduler.open_scan (batch, ordinal, asset_id, checker, lengthy, expires_at)
                select batch, ordinal, asset_id, number, scan_lengthy, expires_at from opened
            ), batch as (
                insert into scheduler.batch (batch, lane, opened_at, lease_until)
                overriding system value
                select distinct batch, 'interactive', :now::timestamptz, :lease_until::timestamptz from opened
            )
            select * from opened
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
    /// @param lane where that is; null: there is none
    /// @param waiting whether it is a scan on demand that has not begun
    record Wanted(
            UUID assetId,
            String checker,
            @Nullable UUID scanId,
            long sequence,
            @Nullable Lane lane,
            boolean waiting) {

        static Wanted read(ResultSet row, int number) throws SQLException {
            var lane = row.getString("open_lane");
            return new Wanted(
                    row.getObject("asset_id", UUID.class),
                    row.getString("checker"),
                    row.getObject("scan_id", UUID.class),
                    row.getLong("sequence"),
                    lane == null ? null : Lane.of(lane),
                    Lane.INTERACTIVE.id().equals(row.getString("lane")) && row.getBoolean("queued"));
        }
    }

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

    /// Locks the scopes of these assets, and answers those of these checkers.
    List<Wanted> lock(Collection<UUID> assets, Collection<String> checkers) {
        var ids = Sql.array("uuid", assets, id -> id);
        jdbc.sql(LOCK).param("assets", ids).query(rows -> {});
        return jdbc.sql(WANTED)
                .param("assets", ids)
                .param("checkers", Sql.array("text", checkers, name -> name))
                .query(Wanted::read)
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
