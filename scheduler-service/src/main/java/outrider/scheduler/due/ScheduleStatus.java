package outrider.scheduler.due;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// Answers the question: how does the schedule stand?
@Component
final class ScheduleStatus {

    private static final int MAX_COUNTED = 10_000;

    private static final String PAUSED = "select paused from scheduler.pace";

    private static final String RATE = """
            select per_second, because, demand, backlog, lane_age, nullif(recomputed_at, '-infinity') as computed_at
              from scheduler.pace
            """;

    /// As far as it pays to count them; the oldest is the first that is met.
    private static final String DUE = """
            select count(*) as scopes, min(next_due) as oldest
              from (select next_due
                      from scheduler.scope
                     where next_due >= :since
                       and next_due <= :now
                       and scan_id is null
                     order by next_due
                     limit :most) d
            """;

    /// Only scans on demand are known to run.
    private static final String OPEN = """
            select coalesce(o.moved_lane, b.lane) as lane
                 , count(*) filter (where not b.published and o.moved_topic is null) as unpublished
                 , count(*) filter (where (b.published or o.moved_topic is not null) and s.started_at is null) as queued
                 , count(*) filter (where s.started_at is not null) as running
                 , min(b.opened_at) as oldest
              from scheduler.batch b
              join scheduler.open_scan o on o.batch = b.batch
              left join scheduler.scope s on b.lane = 'interactive' and s.asset_id = o.asset_id and s.checker = o.checker
             group by 1
             order by 1
            """;

    private static final String PLANS = """
            select plan, extract(epoch from every)::bigint as seconds, changed_at is not null as respreading
                 , population, never_scanned, fresh
                 , extract(epoch from age_p50)::bigint as p50, extract(epoch from age_p99)::bigint as p99
              from scheduler.plan
             order by every desc, plan
            """;

    private final JdbcClient jdbc;
    private final DueFloor floor;
    private final ScheduleProperties properties;

    ScheduleStatus(JdbcClient jdbc, DueFloor floor, ScheduleProperties properties) {
        this.jdbc = jdbc;
        this.floor = floor;
        this.properties = properties;
    }

    /// The whole of it.
    record Status(boolean paused, Rate rate, Due due, List<Open> open, List<PlanStatus> plans) {}

    /// The rate and its terms, each in scans a second but the backlog, which is in scopes.
    ///
    /// @param because which term decided: `floor`, `demand`, `catch_up`, `ceiling` or `lane_backlog`
    /// @param backlog as far as it matters for the rate
    /// @param laneAge how long jobs wait in the fast lane
    /// @param computedAt null until it has first been computed
    record Rate(
            double perSecond,
            String because,
            double demandPerSecond,
            double buffer,
            long backlog,
            Duration laneAge,
            double minPerSecond,
            double maxPerSecond,
            @Nullable Instant computedAt) {}

    /// What is due and not claimed. Of more than 10,000 it is what the rate was last computed from, which is no
    /// more than matters for it.
    record Due(long scopes, @Nullable Instant oldest) {}

    /// Open scans of a lane: claimed and not known to be published, waiting in the lane or running, known to run.
    ///
    /// @param oldest when the oldest of them was begun
    record Open(String lane, long unpublished, long queued, long running, Instant oldest) {}

    /// A plan, its interval and how fresh it is, as last counted.
    ///
    /// @param respreading whether a change of the interval has not reached all scopes yet
    /// @param neverScanned scopes without a completed scan so far; the rest of the figures leaves them out
    /// @param late scopes whose last completed scan is older than the interval and a tenth of it
    /// @param ageP50 how old the last completed scan is in half of the scopes at most; null where there is none
    /// @param freshness the share of scopes that are not late
    /// @param objective what that share is to be
    /// @param objectiveMet whether it is that or more
    record PlanStatus(
            String plan,
            String interval,
            boolean respreading,
            long population,
            long neverScanned,
            long late,
            @Nullable Duration ageP50,
            @Nullable Duration ageP99,
            double freshness,
            double objective,
            boolean objectiveMet,
            @Nullable Instant countedAt) {}

    Status at(Instant now) {
        return new Status(paused(), rate(), due(now), open(), plans());
    }

    boolean paused() {
        return jdbc.sql(PAUSED).query(Boolean.class).single();
    }

    Rate rate() {
        return jdbc.sql(RATE)
                .query((row, number) -> new Rate(
                        row.getDouble("per_second"),
                        row.getString("because"),
                        row.getDouble("demand"),
                        properties.buffer(),
                        row.getLong("backlog"),
                        Duration.ofSeconds(Math.round(row.getDouble("lane_age"))),
                        properties.minPerSecond(),
                        properties.maxPerSecond(),
                        Sql.instantOrNull(row, "computed_at")))
                .single();
    }

    Due due(Instant now) {
        return jdbc.sql(DUE)
                .param("now", Sql.at(now))
                .param("since", floor.from(now))
                .param("most", MAX_COUNTED)
                .query((row, number) -> new Due(many(row.getLong("scopes")), Sql.instantOrNull(row, "oldest")))
                .single();
    }

    private long many(long counted) {
        return counted < MAX_COUNTED ? counted : Math.max(counted, rate().backlog());
    }

    List<Open> open() {
        return jdbc.sql(OPEN)
                .query((row, number) -> new Open(
                        row.getString("lane"),
                        row.getLong("unpublished"),
                        row.getLong("queued"),
                        row.getLong("running"),
                        Sql.instant(row, "oldest")))
                .list();
    }

    List<PlanStatus> plans() {
        var counted = jdbc.sql("select nullif(counted_at, '-infinity') as counted_at from scheduler.pace")
                .query((row, number) -> Optional.ofNullable(Sql.instantOrNull(row, "counted_at")))
                .single()
                .orElse(null);
        return jdbc.sql(PLANS).query((row, number) -> plan(row, counted)).list();
    }

    private PlanStatus plan(ResultSet row, @Nullable Instant counted) throws SQLException {
        var scanned = row.getLong("population") - row.getLong("never_scanned");
        var freshness = scanned == 0 ? 1 : (double) row.getLong("fresh") / scanned;
        return new PlanStatus(
                row.getString("plan"),
                iso(Duration.ofSeconds(row.getLong("seconds"))),
                row.getBoolean("respreading"),
                row.getLong("population"),
                row.getLong("never_scanned"),
                scanned - row.getLong("fresh"),
                seconds(row, "p50"),
                seconds(row, "p99"),
                freshness,
                properties.objective(),
                freshness >= properties.objective(),
                counted);
    }

    private static @Nullable Duration seconds(ResultSet row, String column) throws SQLException {
        var seconds = row.getObject(column, Long.class);
        return seconds == null ? null : Duration.ofSeconds(seconds);
    }

    /// As people write it: whole days as days.
    static String iso(Duration interval) {
        var days = interval.toDays();
        return interval.equals(Duration.ofDays(days)) ? "P%dD".formatted(days) : interval.toString();
    }
}
