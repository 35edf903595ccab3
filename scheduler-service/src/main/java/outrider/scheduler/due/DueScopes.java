package outrider.scheduler.due;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// Answers the question: what is due now? Whoever asks, has it: the scopes answered are claimed.
@Component
public final class DueScopes {

    private static final String CLAIM = """
            update scheduler.scope s
               set attempted_at = :now
                 , sequence = s.sequence + 1
                 , next_due = scheduler.next_due(a.place, :now, p.every, p.anchor)
                 , scan_id = scheduler.scan_id(:now, a.place, k.number, s.sequence + 1)
                 , scan_state = 'queued'
                 , scan_lane = case when t.lengthy then 'slow' else l.lane end
                 , scan_lengthy = t.lengthy
                 , expires_at = :now + p.every
                 , lease_until = :lease_until
              from scheduler.longest_due(:now, :checkers, :limit) d
              join scheduler.asset a on a.id = d.asset_id
              join scheduler.account c on c.id = a.account_id
              join scheduler.plan p on p.plan = c.plan
              join scheduler.checker k on k.checker = d.checker
              join unnest(:checkers, :lanes) as l (checker, lane) on l.checker = d.checker
             cross join lateral scheduler.is_lengthy(l.lane = 'slow', a.records, d.usual_millis, :slow_records, :slow_millis) as t (lengthy)
             where s.asset_id = d.asset_id
               and s.checker = d.checker
            returning s.asset_id, s.account_id, a.kind, a.name, a.endpoints, s.checker, s.sequence, s.attempted_at
                    , s.scan_id, s.scan_lane, s.scan_lengthy, s.expires_at, d.next_due as was_due
            """;

    private final JdbcClient jdbc;
    private final Checkers checkers;
    private final ScheduleMetrics metrics;
    private final ScheduleProperties.Slow slow;

    public DueScopes(JdbcClient jdbc, Checkers checkers, ScheduleMetrics metrics, ScheduleProperties properties) {
        this.jdbc = jdbc;
        this.checkers = checkers;
        this.metrics = metrics;
        this.slow = properties.slow();
    }

    /// Opens a scan for each of the scopes that have been due for longest, stamps its lane, and sets when each is
    /// due next.
    ///
    /// @param lease how long the claim is ours; after that another replica publishes the same scans
    public List<QueuedScan> claim(int limit, Instant now, Duration lease) {
        return jdbc.sql(CLAIM)
                .param("now", Sql.at(now))
                .param("checkers", Sql.array("text", checkers.names(), name -> name))
                .param(
                        "lanes",
                        Sql.array(
                                "text",
                                checkers.names(),
                                name -> checkers.laneOf(name).id()))
                .param("slow_records", slow.records())
                .param("slow_millis", slow.after().toMillis())
                .param("limit", limit)
                .param("lease_until", Sql.at(now.plus(lease)))
                .query((row, number) -> {
                    metrics.claimed(Duration.between(Sql.instant(row, "was_due"), now));
                    return QueuedScan.from(row, number);
                })
                .list();
    }
}
