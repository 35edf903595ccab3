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

    private static final String PAUSED = "select paused from scheduler.pace";

    private static final String RATE = """
            select per_second, because, demand, backlog, lane_age, nullif(recomputed_at, '-infinity') as computed_at
              from scheduler.pace
            """;

    private static final String DUE = """
            select count(*) as scopes, min(next_due) as oldest
              from (select next_due
                      from scheduler.scope
                     where scan_id is null
                       and next_due <= :now
                     order by next_due
                     limit 1000000) d
            """;

    private static final String OPEN = """
            select scan_lane as lane
                 , count(*) filter (where published_offset is null) as unpublished
                 , count(*) filter (where published_offset is not null and scan_state = 'queued') as queued
                 , count(*) filter (where scan_state = 'running') as running
              from scheduler.scope
             where scan_id is not null
             group by scan_lane
             order by scan_lane
            """;

    private static final String PLANS = """
            select plan, extract(epoch from every)::bigint as seconds, changed_at is not null as respreading
                 , population, never_scanned, fresh
                 , extract(epoch from age_p50)::bigint as p50, extract(epoch from age_p99)::bigint as p99
              from scheduler.plan
             order by every desc, plan
            """;

    private final JdbcClient jdbc;
    private final ScheduleProperties properties;

    ScheduleStatus(JdbcClient jdbc, ScheduleProperties properties) {
        this.jdbc = jdbc;
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

    /// What is due and not claimed; of more than a million, a million are counted.
    record Due(long scopes, @Nullable Instant oldest) {}

    /// Open scans of a lane: claimed and not known to be published, waiting in the lane, known to run.
    record Open(String lane, long unpublished, long queued, long running) {}

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
                .query((row, number) -> new Due(row.getLong("scopes"), Sql.instantOrNull(row, "oldest")))
                .single();
    }

    private List<Open> open() {
        return jdbc.sql(OPEN)
                .query((row, number) -> new Open(
                        row.getString("lane"),
                        row.getLong("unpublished"),
                        row.getLong("queued"),
                        row.getLong("running")))
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
