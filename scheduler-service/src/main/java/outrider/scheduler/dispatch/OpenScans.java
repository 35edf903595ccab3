package outrider.scheduler.dispatch;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scan.Lane;
import outrider.scan.ScanOutcome;
import outrider.scheduler.Sql;
import outrider.scheduler.due.ScanIds;

/// How open scans go on and end. Everything here may be told more than once.
@Component
final class OpenScans {

    private static final String START = """
            with started as (
                select s.asset_id, s.checker, t.at
                  from unnest(:assets, :checkers, :scans, :ats) as t (asset_id, checker, scan_id, at)
                  join scheduler.scope s
                    on s.asset_id = t.asset_id and s.checker = t.checker and s.scan_id = t.scan_id
                 where s.scan_state = 'queued'
                 order by s.asset_id, s.checker
                   for update of s
            )
            update scheduler.scope s
               set scan_state = 'running'
                 , started_at = t.at
              from started t
             where s.asset_id = t.asset_id
               and s.checker = t.checker
            """;

    private static final String CLOSE = """
            with closed as (
                select s.asset_id, s.checker, t.outcome, t.lane, t.at, t.millis, t.why, t.due_again
                  from unnest(:assets, :checkers, :scans, :sequences, :outcomes, :lanes, :ats, :millis, :whys, :due_again)
                       as t (asset_id, checker, scan_id, sequence, outcome, lane, at, millis, why, due_again)
                  join scheduler.scope s
                    on s.asset_id = t.asset_id and s.checker = t.checker
                   and s.scan_id = t.scan_id and s.sequence = t.sequence
                 order by s.asset_id, s.checker
                   for update of s
            )
            update scheduler.scope s
               set last_scan_id = s.scan_id
                 , last_outcome = t.outcome
                 , last_lane = coalesce(t.lane, s.scan_lane)
                 , last_attempted_at = s.attempted_at
                 , last_started_at = s.started_at
                 , last_closed_at = t.at
                 , last_duration_millis = t.millis
                 , last_why = t.why
                 , reported_at = case when t.outcome = 'reported' then t.at else s.reported_at end
                 , reported_millis = case when t.outcome = 'reported' then t.millis else s.reported_millis end
                 , usual_millis = case when t.outcome = 'reported'
                                       then greatest(t.millis, (coalesce(s.usual_millis, t.millis) + t.millis) / 2)
                                       else s.usual_millis
                                  end
                 , losses = case when t.outcome = 'reported' then 0 when t.due_again is not null then s.losses + 1 else s.losses end
                 , next_due = least(s.next_due, t.due_again + (2 ^ least(s.losses, 12) - 1) * interval '1 minute')
                 , scan_id = null
                 , scan_state = null
                 , scan_lane = null
                 , expires_at = null
                 , started_at = null
                 , lease_until = null
                 , topic = null
                 , partition = null
                 , published_offset = null
                 , settled_at = null
              from closed t
             where s.asset_id = t.asset_id
               and s.checker = t.checker
            """;

    /// A scan that was given up, and whose report the API has all the same.
    private static final String REPORT_AFTER_ALL = """
            with reported as (
                select s.asset_id, s.checker, t.at, t.millis
                  from unnest(:assets, :checkers, :scans, :ats, :millis) as t (asset_id, checker, scan_id, at, millis)
                  join scheduler.scope s
                    on s.asset_id = t.asset_id and s.checker = t.checker and s.last_scan_id = t.scan_id
                 where s.last_outcome <> 'reported'
                 order by s.asset_id, s.checker
                   for update of s
            )
            update scheduler.scope s
               set last_outcome = 'reported'
                 , last_closed_at = t.at
                 , last_duration_millis = t.millis
                 , last_why = null
                 , reported_at = greatest(s.reported_at, t.at)
                 , reported_millis = t.millis
              from reported t
             where s.asset_id = t.asset_id
               and s.checker = t.checker
            """;

    private static final String FIND = """
            with scope as (
                select s.*
                  from scheduler.asset a
                 cross join scheduler.checker k
                  join scheduler.scope s on s.asset_id = a.id and s.checker = k.checker
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
    /// @param lane where it ended; null: where it was published
    /// @param millis how long the checker ran, where it did
    /// @param dueAgain when its scope is due again, because nothing came of it; later if nothing came of those
    /// before, and never later than it would have been anyway; null: when it would have been anyway
    record Closing(
            UUID assetId,
            String checker,
            UUID scanId,
            long sequence,
            ScanOutcome.Kind outcome,
            @Nullable Lane lane,
            Instant at,
            @Nullable Long millis,
            @Nullable String why,
            @Nullable Instant dueAgain) {

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

    /// Notes that queued scans run now.
    void start(Collection<ScanOutcome> started) {
        if (started.isEmpty()) {
            return;
        }
        jdbc.sql(START)
                .param("assets", Sql.array("uuid", started, ScanOutcome::assetId))
                .param("checkers", Sql.array("text", started, ScanOutcome::checker))
                .param("scans", Sql.array("uuid", started, ScanOutcome::scanId))
                .param("ats", Sql.array("timestamptz", started, ScanOutcome::at))
                .update();
    }

    /// Closes scans that are open; one that is not, or is another by now, stays as it is.
    ///
    /// @return how many were closed
    int close(Collection<Closing> closings) {
        if (closings.isEmpty()) {
            return 0;
        }
        return jdbc.sql(CLOSE)
                .param("assets", Sql.array("uuid", closings, Closing::assetId))
                .param("checkers", Sql.array("text", closings, Closing::checker))
                .param("scans", Sql.array("uuid", closings, Closing::scanId))
                .param("sequences", Sql.array("bigint", closings, Closing::sequence))
                .param(
                        "outcomes",
                        Sql.array("text", closings, closing -> closing.outcome().id()))
                .param("lanes", Sql.array("text", closings, OpenScans::lane))
                .param("ats", Sql.array("timestamptz", closings, Closing::at))
                .param("millis", Sql.array("bigint", closings, Closing::millis))
                .param("whys", Sql.array("text", closings, Closing::why))
                .param("due_again", Sql.array("timestamptz", closings, Closing::dueAgain))
                .update();
    }

    /// Corrects scans that were closed as something else, when their report turns out to have been accepted.
    void reportAfterAll(Collection<Closing> reported) {
        if (reported.isEmpty()) {
            return;
        }
        jdbc.sql(REPORT_AFTER_ALL)
                .param("assets", Sql.array("uuid", reported, Closing::assetId))
                .param("checkers", Sql.array("text", reported, Closing::checker))
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

    private static @Nullable Object lane(Closing closing) {
        var lane = closing.lane();
        return lane == null ? null : lane.id();
    }
}
