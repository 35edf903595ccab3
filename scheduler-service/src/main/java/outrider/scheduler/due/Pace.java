package outrider.scheduler.due;

import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// How fast the fleet goes: one token bucket in the database, drawn from by all replicas, and whether it stands
/// still.
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
            update scheduler.pace
               set counted_at = :now, recount_asked = false
             where counted_at <= :stale
                or counted_at > :ahead
                or recount_asked and counted_at <= :now::timestamptz - interval '1 minute'
            """;

    private static final String ASK_FOR_RECOUNT =
            "update scheduler.pace set recount_asked = true where not recount_asked";

    private static final String CLAIM_RECOMPUTE = """
            update scheduler.pace set recomputed_at = :now where recomputed_at <= :stale or recomputed_at > :ahead
            """;

    /// No more of the backlog is counted than could change the rate.
    ///
    /// The lane's age is the median of some of the open scans, those that are to be looked after first: a few that
    /// hang do not move it, and it costs the same with millions open.
    private static final String TERMS = """
            with open as (
                select attempted_at
                  from scheduler.scope
                 where published_offset is not null
                   and scan_lane = 'fast'
                   and scan_state = 'queued'
                 order by lease_until
                 limit 20000
            ), waiting as (
                select count(*) as jobs
                     , percentile_disc(0.5) within group (order by attempted_at) as median
                  from open
            )
            select (select sum(population / extract(epoch from every)) from scheduler.plan)::float8 as demand
                 , (select count(*) from (select from scheduler.scope where scan_id is null and next_due <= :now limit :enough) d) as backlog
                 , (select case when jobs >= 50 then extract(epoch from :now - median) else 0 end from waiting)::float8 as lane_age
            """;

    /// A bucket that was filled at a time still to come would give nothing until then.
    private static final String SET = """
            update scheduler.pace
               set demand = :demand, backlog = :backlog, lane_age = :lane_age, per_second = :per_second, because = :because
                 , refilled_at = case when refilled_at > :ahead then :now else refilled_at end
            """;

    /// What was noted for a time later than this from now was noted before the clock was set back.
    private static final Duration AHEAD = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final Population population;
    private final ScheduleProperties properties;

    public Pace(JdbcClient jdbc, Population population, ScheduleProperties properties) {
        this.jdbc = jdbc;
        this.population = population;
        this.properties = properties;
    }

    private record Terms(double demand, long backlog, double laneAge) {}

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
            population.count(now);
        }
        if (ours(CLAIM_RECOMPUTE, properties.recompute(), now)) {
            recompute(now);
        }
    }

    /// Asks for the population to be counted soon, a minute after it was last counted at the earliest.
    public void askForRecount() {
        jdbc.sql(ASK_FOR_RECOUNT).update();
    }

    /// Counts the population and computes the rate, now.
    public void recount(Instant now) {
        ours(CLAIM_COUNT, Duration.ZERO, now);
        population.count(now);
        ours(CLAIM_RECOMPUTE, Duration.ZERO, now);
        recompute(now);
    }

    private void recompute(Instant now) {
        var enough = Math.ceil(
                properties.maxPerSecond() * Rate.seconds(properties.catchUp().within()));
        var terms = jdbc.sql(TERMS)
                .param("now", Sql.at(now))
                .param("enough", (long) enough)
                .query((row, number) ->
                        new Terms(row.getDouble("demand"), row.getLong("backlog"), row.getDouble("lane_age")))
                .single();
        var rate = Rate.of(terms.demand(), terms.backlog(), terms.laneAge(), properties);
        jdbc.sql(SET)
                .param("demand", terms.demand())
                .param("backlog", terms.backlog())
                .param("lane_age", terms.laneAge())
                .param("per_second", rate.perSecond())
                .param("because", rate.because().id())
                .param("now", Sql.at(now))
                .param("ahead", Sql.at(now.plus(AHEAD)))
                .update();
    }

    private boolean ours(String claim, Duration age, Instant now) {
        return jdbc.sql(claim)
                        .param("now", Sql.at(now))
                        .param("stale", Sql.at(now.minus(age)))
                        .param("ahead", Sql.at(now.plus(AHEAD)))
                        .update()
                == 1;
    }
}
