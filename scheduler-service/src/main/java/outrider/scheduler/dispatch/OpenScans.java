package outrider.scheduler.dispatch;

import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scan.Lane;
import outrider.scan.ScanOutcome;
import outrider.scheduler.Sql;
import outrider.scheduler.due.ScanIds;

/// How open scans go on and end. Everything here may be told more than once. Callers bring the transaction and
/// hold the [locks][#lock].
@Component
final class OpenScans {

    /// Whoever waits for a row that another changes must not change it in the same statement: of several such
    /// rows PostgreSQL looks at the first alone as it is by then (docs/adr/007-locks-and-updates.md). An open
    /// scan is changed by whoever holds its scope.
    private static final String LOCK = """
            select from scheduler.scope s
              join unnest(:assets, :checkers) as t (asset_id, checker) on s.asset_id = t.asset_id and s.checker = t.checker
             order by s.asset_id, s.checker
               for no key update of s
            """;

    private static final String START = """
            update scheduler.scope s
               set started_at = t.at
              from unnest(:assets, :checkers, :scans, :ats) as t (asset_id, checker, scan_id, at)
             where s.asset_id = t.asset_id
               and s.checker = t.checker
               and s.scan_id = t.scan_id
               and s.started_at is null
            """;

    /// The batches and ordinals of those closed.
    private static final String CLOSE = """
            update scheduler.scope s
               set last_scan_id = s.scan_id
                 , last_outcome = t.outcome
                 , last_lane = t.lane
                 , last_attempted_at = s.attempted_at
                 , last_started_at = s.started_at
                 , last_closed_at = t.at
                 , last_duration_millis = t.millis
                 , last_why = t.why
                 , reported_at = case when t.outcome = 'reported' then t.at else s.reported_at end
                 , reported_millis = case when t.outcome = 'reported' then t.millis else s.reported_millis end
                 , usual_millis = case when t.outcome = 'reported' and not t.untold
                                       then greatest(t.millis, (coalesce(s.usual_millis, t.millis) + t.millis) / 2)
                                       else s.usual_millis
                                  end
                 , losses = case when t.outcome = 'reported' then 0
                                 when t.due_again is not null then least(s.losses + 1, 1000)
                                 else s.losses
                            end
                 , next_due = least(s.next_due
                                    , t.due_again + (2 ^ least(s.losses, 12) - 1) * interval '1 minute'
                                    , case when s.missed then :now::timestamptz end)
                 , missed = false
                 , scan_id = null
                 , batch = null
                 , ordinal = null
                 , started_at = null
              from unnest(:assets, :checkers, :scans, :sequences, :outcomes, :lanes, :ats, :millis, :whys, :due_again, :untold)
                   as t (asset_id, checker, scan_id, sequence, outcome, lane, at, millis, why, due_again, untold)
             where s.asset_id = t.asset_id
               and s.checker = t.checker
               and s.scan_id = t.scan_id
               and s.sequence = t.sequence
            returning old.batch, old.ordinal
            """;

    private static final String FORGET = """
            delete from scheduler.open_scan o
             using unnest(:batches, :ordinals) as t (batch, ordinal)
             where o.batch = t.batch
               and o.ordinal = t.ordinal
            """;

    /// What a later attempt has told of its place, an earlier one does not take back.
    private static final String MOVE = """
            update scheduler.open_scan o
               set moved_attempt = t.attempt
                 , moved_lane = t.lane
                 , moved_topic = t.topic
                 , moved_partition = t.partition
                 , moved_offset = t.place
                 , settled_at = null
              from scheduler.scope s
              join unnest(:assets, :checkers, :scans, :attempts, :lanes, :topics, :partitions, :places)
                   as t (asset_id, checker, scan_id, attempt, lane, topic, partition, place)
                on s.asset_id = t.asset_id and s.checker = t.checker and s.scan_id = t.scan_id
             where o.batch = s.batch
               and o.ordinal = s.ordinal
               and coalesce(o.moved_attempt, 0) <= t.attempt
            """;

    /// A scan that was given up, and whose report the API has all the same.
    private static final String REPORT_AFTER_ALL = """
            update scheduler.scope s
               set last_outcome = 'reported'
                 , last_closed_at = t.at
                 , last_duration_millis = t.millis
                 , last_why = null
                 , reported_at = greatest(s.reported_at, t.at)
                 , reported_millis = t.millis
              from unnest(:assets, :checkers, :scans, :ats, :millis) as t (asset_id, checker, scan_id, at, millis)
             where s.asset_id = t.asset_id
               and s.checker = t.checker
               and s.last_scan_id = t.scan_id
               and s.last_outcome <> 'reported'
            """;

    private static final String FIND = """
            with scope as (
                select s.*
                  from scheduler.asset a
                 cross join scheduler.checker k
                  join scheduler.standing s on s.asset_id = a.id and s.checker = k.checker
                 where a.place = :place
                   and k.number = :number
            )
            select scan_id, asset_id, account_id, checker, scan_state as state, scan_lane as lane, attempted_at as requested_at
                 , started_at, null::timestamptz as finished_at, null::bigint as duration_millis, null::text as why
              from scope
             where scan_id = :scan
             union all
            select last_scan_id, asset_id, account_id, checker, last_outcome, last_lane, last_attempted_at
                 , last_started_at, last_closed_at, last_duration_millis, last_why
              from scope
             where last_scan_id = :scan
            """;

    private final JdbcClient jdbc;

    OpenScans(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// The end of an open scan.
    ///
    /// @param lane where it ended
    /// @param millis how long the checker ran, where it did
    /// @param dueAgain when its scope is due again, because nothing came of it; later if nothing came of those
    /// before, and never later than it would have been anyway; null: when it would have been anyway
    /// @param untold whether it saw nothing, so that its duration says nothing about the next
    record Closing(
            UUID assetId,
            UUID scanId,
            long sequence,
            ScanOutcome.Kind outcome,
            Lane lane,
            Instant at,
            @Nullable Long millis,
            @Nullable String why,
            @Nullable Instant dueAgain,
            boolean untold) {

        Closing {
            if (!outcome.closes()) {
                throw new IllegalArgumentException("%s does not end a scan".formatted(outcome.id()));
            }
        }
    }

    /// Where a scan is.
    ///
    /// @param state `queued`, `running`, `reported`, `superseded`, `expired` or `dead`
    record Scan(
            UUID scanId,
            UUID assetId,
            UUID accountId,
            String checker,
            String state,
            String lane,
            Instant requestedAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Long durationMillis,
            @Nullable String why) {}

    /// Locks the scopes of these scans, once for all that is to be told of them and in one order for all who do.
    <T> void lock(Collection<T> scans, Function<T, UUID> asset, Function<T, UUID> scan) {
        jdbc.sql(LOCK)
                .param("assets", Sql.array("uuid", scans, asset::apply))
                .param("checkers", Sql.array("smallint", scans, one -> ScanIds.checker(scan.apply(one))))
                .query(rows -> {});
    }

    /// Notes that queued scans run now.
    void start(Collection<ScanOutcome> started) {
        if (started.isEmpty()) {
            return;
        }
        jdbc.sql(START)
                .param("assets", Sql.array("uuid", started, ScanOutcome::assetId))
                .param("checkers", Sql.array("smallint", started, outcome -> ScanIds.checker(outcome.scanId())))
                .param("scans", Sql.array("uuid", started, ScanOutcome::scanId))
                .param("ats", Sql.array("timestamptz", started, ScanOutcome::at))
                .update();
    }

    /// Notes where the jobs of open scans lie since they were retried or handed on.
    void move(Collection<ScanOutcome> moved) {
        if (moved.isEmpty()) {
            return;
        }
        var assets = Sql.array("uuid", moved, ScanOutcome::assetId);
        var checkers = Sql.array("smallint", moved, outcome -> ScanIds.checker(outcome.scanId()));
        var ids = Sql.array("uuid", moved, ScanOutcome::scanId);
        jdbc.sql(MOVE)
                .param("assets", assets)
                .param("checkers", checkers)
                .param("scans", ids)
                .param("attempts", Sql.array("int", moved, ScanOutcome::attempt))
                .param(
                        "lanes",
                        Sql.array(
                                "text", moved, outcome -> place(outcome).lane().id()))
                .param(
                        "topics",
                        Sql.array("text", moved, outcome -> place(outcome).topic()))
                .param(
                        "partitions",
                        Sql.array("int", moved, outcome -> place(outcome).partition()))
                .param(
                        "places",
                        Sql.array("bigint", moved, outcome -> place(outcome).offset()))
                .update();
    }

    private static ScanOutcome.Place place(ScanOutcome outcome) {
        return Objects.requireNonNull(outcome.moved());
    }

    /// Closes scans that are open; one that is not, or is another by now, stays as it is.
    ///
    /// @return how many were closed
    int close(Collection<Closing> closings, Instant now) {
        if (closings.isEmpty()) {
            return 0;
        }
        var closed = jdbc.sql(CLOSE)
                .param("assets", Sql.array("uuid", closings, Closing::assetId))
                .param("checkers", Sql.array("smallint", closings, closing -> ScanIds.checker(closing.scanId())))
                .param("scans", Sql.array("uuid", closings, Closing::scanId))
                .param("sequences", Sql.array("bigint", closings, Closing::sequence))
                .param(
                        "outcomes",
                        Sql.array("text", closings, closing -> closing.outcome().id()))
                .param(
                        "lanes",
                        Sql.array("text", closings, closing -> closing.lane().id()))
                .param("ats", Sql.array("timestamptz", closings, Closing::at))
                .param("millis", Sql.array("bigint", closings, Closing::millis))
                .param("whys", Sql.array("text", closings, Closing::why))
                .param("due_again", Sql.array("timestamptz", closings, Closing::dueAgain))
                .param("untold", Sql.array("boolean", closings, Closing::untold))
                .param("now", Sql.at(now))
                .query((row, number) -> new Closed(row.getLong("batch"), row.getInt("ordinal")))
                .list();
        jdbc.sql(FORGET)
                .param("batches", Sql.array("bigint", closed, Closed::batch))
                .param("ordinals", Sql.array("int", closed, Closed::ordinal))
                .update();
        return closed.size();
    }

    private record Closed(long batch, int ordinal) {}

    /// Corrects scans that were closed as something else, when their report turns out to have been accepted.
    void reportAfterAll(Collection<Closing> reported) {
        if (reported.isEmpty()) {
            return;
        }
        jdbc.sql(REPORT_AFTER_ALL)
                .param("assets", Sql.array("uuid", reported, Closing::assetId))
                .param("checkers", Sql.array("smallint", reported, closing -> ScanIds.checker(closing.scanId())))
                .param("scans", Sql.array("uuid", reported, Closing::scanId))
                .param("ats", Sql.array("timestamptz", reported, Closing::at))
                .param("millis", Sql.array("bigint", reported, Closing::millis))
                .update();
    }

    /// The scan of that id: open, or the last of its scope. Older ones are forgotten.
    Optional<Scan> find(UUID scan) {
        return jdbc.sql(FIND)
                .param("scan", scan)
                .param("place", ScanIds.place(scan))
                .param("number", ScanIds.checker(scan))
                .query((row, number) -> new Scan(
                        row.getObject("scan_id", UUID.class),
                        row.getObject("asset_id", UUID.class),
                        row.getObject("account_id", UUID.class),
                        row.getString("checker"),
                        row.getString("state"),
                        row.getString("lane"),
                        Sql.instant(row, "requested_at"),
                        Sql.instantOrNull(row, "started_at"),
                        Sql.instantOrNull(row, "finished_at"),
                        row.getObject("duration_millis", Long.class),
                        row.getString("why")))
                .optional();
    }
}
