package outrider.scheduler.due;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// Answers the question: how does the schedule stand?
@Component
final class ScheduleStatus {

    private static final String PAUSED = "select paused from scheduler.pace";

    private static final String RATE = """
            select per_second, demand, backlog, nullif(recomputed_at, '-infinity') as computed_at from scheduler.pace
            """;

    private static final String DUE = """
            select count(*) as scopes, min(next_due) as oldest
              from scheduler.scope
             where scan_id is null
               and next_due <= :now
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
            select plan, extract(epoch from every)::bigint as seconds, population from scheduler.plan order by every desc, plan
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
    /// @param because which term decided: `demand`, `backlog`, `floor` or `ceiling`
    /// @param computedAt null until it has first been computed
    record Rate(
            double perSecond,
            String because,
            double demandPerSecond,
            double buffer,
            long backlog,
            double minPerSecond,
            double maxPerSecond,
            @Nullable Instant computedAt) {}

    /// What is due and not claimed.
    record Due(long scopes, @Nullable Instant oldest) {}

    /// Open scans of a lane: claimed and not known to be published, waiting in the lane, known to run.
    record Open(String lane, long unpublished, long queued, long running) {}

    /// A plan, its interval and how many scopes it has.
    record PlanStatus(String plan, String interval, long population) {}

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
                        because(row.getDouble("per_second"), row.getDouble("demand")),
                        row.getDouble("demand"),
                        properties.buffer(),
                        row.getLong("backlog"),
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

    private List<PlanStatus> plans() {
        return jdbc.sql(PLANS)
                .query((row, number) ->
                        new PlanStatus(row.getString("plan"), iso(row.getLong("seconds")), row.getLong("population")))
                .list();
    }

    private String because(double perSecond, double demand) {
        if (perSecond >= properties.maxPerSecond()) {
            return "ceiling";
        }
        if (perSecond <= properties.minPerSecond()) {
            return "floor";
        }
        return perSecond > demand * properties.buffer() ? "backlog" : "demand";
    }

    private static String iso(long seconds) {
        var interval = Duration.ofSeconds(seconds);
        var days = interval.toDays();
        return interval.equals(Duration.ofDays(days)) ? "P%dD".formatted(days) : interval.toString();
    }
}
