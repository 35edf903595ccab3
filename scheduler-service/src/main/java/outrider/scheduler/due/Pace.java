package outrider.scheduler.due;

import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// How fast the fleet goes: one token bucket in the database, drawn from by all replicas, and whether it stands still.
@Component
public final class Pace {

    private static final String TAKE = """
            with bucket as (
                select least(greatest(:burst, 2 * per_second),
                             allowance + per_second * greatest(0, extract(epoch from :now - refilled_at))) as tokens
                  from scheduler.pace
                 where not paused
                   and exists (select from scheduler.scope where scan_id is null and next_due <= :now)
                   for update
            )
            update scheduler.pace
               set allowance = tokens - least(floor(tokens), :most)
                 , refilled_at = greatest(refilled_at, :now)
              from bucket
            returning least(floor(tokens), :most)
            """;

    private static final String GIVE_BACK = "update scheduler.pace set allowance = allowance + :scans";

    private static final String PAUSE = "update scheduler.pace set paused = :paused";

    private static final String CLAIM_COUNT = """
            update scheduler.pace set counted_at = :now where counted_at <= :stale
            """;

    private static final String CLAIM_RECOMPUTE = """
            update scheduler.pace set recomputed_at = :now where recomputed_at <= :stale
            """;

    private static final String COUNT = """
            update scheduler.plan p
               set population = n.scopes
              from (select p.plan, count(s.asset_id) as scopes
                      from scheduler.plan p
                      left join scheduler.account c on c.plan = p.plan
                      left join scheduler.scope s on s.account_id = c.id and s.next_due < 'infinity'
                     group by p.plan) n
             where n.plan = p.plan
               and n.scopes <> p.population
            """;

    private static final String RECOMPUTE = """
            with demand as (
                select sum(population / extract(epoch from every))::float8 as per_second from scheduler.plan
            ), backlog as (
                select count(*) as scopes from scheduler.scope where scan_id is null and next_due <= :now
            )
            update scheduler.pace
               set demand = d.per_second
                 , backlog = b.scopes
                 , per_second = least(:max, greatest(:min, d.per_second * :buffer, b.scopes / :catch_up))
              from demand d, backlog b
            """;

    private final JdbcClient jdbc;
    private final ScheduleProperties properties;

    public Pace(JdbcClient jdbc, ScheduleProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    /// Takes permission for up to so many scans; 0 when paused, when nothing is due, or when the rate is used up.
    public int take(int most, Instant now) {
        return jdbc.sql(TAKE)
                .param("burst", Math.min(properties.burst(), properties.maxPerSecond()))
                .param("now", Sql.at(now))
                .param("most", most)
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    /// Gives back permission that was not needed.
    public void giveBack(int scans) {
        if (scans > 0) {
            jdbc.sql(GIVE_BACK).param("scans", scans).update();
        }
    }

    /// Stops or starts the dispatch of what is due, on all replicas.
    public void pause(boolean paused) {
        jdbc.sql(PAUSE).param("paused", paused).update();
    }

    /// Counts the population and computes the rate again, each when that was last done too long ago by any replica.
    public void recomputeIfStale(Instant now) {
        if (ours(CLAIM_COUNT, properties.recount(), now)) {
            jdbc.sql(COUNT).update();
        }
        if (ours(CLAIM_RECOMPUTE, properties.recompute(), now)) {
            recompute(now);
        }
    }

    /// Counts the population and computes the rate: what the plans ask for with a margin, more when there is a backlog,
    /// within the bounds.
    public void recount(Instant now) {
        jdbc.sql(COUNT).update();
        recompute(now);
    }

    private void recompute(Instant now) {
        jdbc.sql(RECOMPUTE)
                .param("now", Sql.at(now))
                .param("max", properties.maxPerSecond())
                .param("min", properties.minPerSecond())
                .param("buffer", properties.buffer())
                .param("catch_up", seconds(properties.catchUp()))
                .update();
    }

    private boolean ours(String claim, Duration age, Instant now) {
        return jdbc.sql(claim)
                        .param("now", Sql.at(now))
                        .param("stale", Sql.at(now.minus(age)))
                        .update()
                == 1;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
