package outrider.scheduler.due;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// Answers the question: what is due now? Whoever asks, has it: the scopes answered are claimed.
@Component
public final class DueScopes {

    private static final String CLAIM = """
            select *
              from scheduler.claim(:since, :now, :checkers, :lanes, :slow_records, :slow_millis, :limit, :lease_until)
            """;

    private final JdbcClient jdbc;
    private final Checkers checkers;
    private final ScheduleMetrics metrics;
    private final DueFloor floor;
    private final ScheduleProperties.Slow slow;

    public DueScopes(
            JdbcClient jdbc,
            Checkers checkers,
            ScheduleMetrics metrics,
            DueFloor floor,
            ScheduleProperties properties) {
        this.jdbc = jdbc;
        this.checkers = checkers;
        this.metrics = metrics;
        this.floor = floor;
        this.slow = properties.slow();
    }

    /// Opens a scan for each of the scopes that have been due for longest, stamps its lane, and sets when each is
    /// due next.
    ///
    /// @param lease how long the claim is ours; after that another replica publishes the same scans
    public List<QueuedScan> claim(int limit, Instant now, Duration lease) {
        var from = floor.from(now);
        var last = new AtomicReference<@Nullable Instant>();
        var claimed = jdbc.sql(CLAIM)
                .param("since", from)
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
                    var due = Sql.instant(row, "was_due");
                    metrics.claimed(Duration.between(due, now));
                    last.accumulateAndGet(due, DueScopes::later);
                    return QueuedScan.from(row, number);
                })
                .list();
        floor.reached(from, last.get(), now);
        return claimed;
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one == null || one.isBefore(other) ? other : one;
    }
}
