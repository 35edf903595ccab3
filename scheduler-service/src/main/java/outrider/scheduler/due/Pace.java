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

    /// The bucket holds one scan at least, so that also a rate far below one a second moves.
    private static final String TAKE = """
            update scheduler.pace
               set allowance = scheduler.tokens(allowance, per_second, refilled_at, :burst, :now)
                               - least(floor(scheduler.tokens(allowance, per_second, refilled_at, :burst, :now)), :most)
                 , refilled_at = greatest(refilled_at, :now)
             where not paused
               and scheduler.tokens(allowance, per_second, refilled_at, :burst, :now) >= 1
            returning least(floor(scheduler.tokens(old.allowance, old.per_second, old.refilled_at, :burst, :now)), :most)
            """;

    private static final String ANY_DUE =
            "select exists (select from scheduler.scope where next_due >= :since and next_due <= :now)";

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

    /// Of a backlog the oldest are counted, one by one; from how far those lie apart the rest is told.
    ///
    /// The lane's age is the median of some of the scans that wait in it, the oldest first: a few that hang do
    /// not move it, and it costs the same with millions open. What has gone on from where it was published waits
    /// there no more.
    private static final String TERMS = """
            with waiting as (
                select b.opened_at
                  from scheduler.batch b
                  join scheduler.open_scan o on o.batch = b.batch
                 where b.lane = 'fast'
                   and b.published
                   and o.moved_topic is null
                   and o.settled_at is null
                 order by b.batch
                 limit 20000
            ), median as (
                select count(*) as jobs
                     , percentile_disc(0.5) within group (order by opened_at) as opened_at
                  from waiting
            ), due as (
                select next_due
                  from scheduler.scope
                 where next_due >= :since and next_due <= :now and scan_id is null
                 order by next_due
                 limit :counted
            )
            select (select sum(population / extract(epoch from every)) from scheduler.plan)::float8 as demand
                 , (select count(*) from due) as backlog
                 , (select extract(epoch from max(next_due) - min(next_due)) from due)::float8 as counted_seconds
                 , (select extract(epoch from :now - min(next_due)) from due)::float8 as all_seconds
                 , (select case when jobs >= 50 then extract(epoch from :now - opened_at) else 0 end from median)::float8 as lane_age
            """;

    /// A bucket that was filled at a time still to come would give nothing until then.
    private static final String SET = """
            update scheduler.pace
               set demand = :demand, backlog = :backlog, lane_age = :lane_age, per_second = :per_second, because = :because
                 , refilled_at = case when refilled_at > :ahead then :now else refilled_at end
            """;

    /// What was noted for a time later than this from now was noted before the clock was set back.
    private static final Duration AHEAD = Duration.ofMinutes(1);

    /// Enough to tell a backlog from none; each costs a look at its row.
    private static final int COUNTED = 5_000;

    private final JdbcClient jdbc;
    private final Population population;
    private final DueFloor floor;
    private final ScheduleProperties properties;

    public Pace(JdbcClient jdbc, Population population, DueFloor floor, ScheduleProperties properties) {
        this.jdbc = jdbc;
        this.population = population;
        this.floor = floor;
        this.properties = properties;
    }

    /// @param counted how much of the backlog was counted, the oldest first
    /// @param countedSeconds over how long that was due
    /// @param allSeconds over how long all of it was
    private record Terms(double demand, long counted, double countedSeconds, double allSeconds, double laneAge) {

        /// No more than could change the rate.
        long backlog(double enough) {
            if (counted < COUNTED) {
                return (long) Math.min(counted, enough);
            }
            var times = countedSeconds > 0 ? Math.max(1, allSeconds / countedSeconds) : enough;
            return (long) Math.min(counted * times, enough);
        }
    }

    /// Takes permission for up to so many scans; 0 when paused, when nothing is due, or when the rate is used up.
    public int take(int most, Instant now) {
        return anyDue(now) ? takeTokens(most, now) : 0;
    }

    /// A look that finds nothing is told the floor too: else each would be a whole one until something is claimed.
    private boolean anyDue(Instant now) {
        var from = floor.from(now);
        var any = jdbc.sql(ANY_DUE)
                .param("since", from)
                .param("now", Sql.at(now))
                .query(Boolean.class)
                .single();
        if (!any) {
            floor.reached(from, null, now);
        }
        return any;
    }

    private int takeTokens(int most, Instant now) {
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

    /// Counts the population and computes the rate again, each when that was last done too long ago by any
    /// replica.
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
                .param("since", floor.from(now))
                .param("counted", COUNTED)
                .query((row, number) -> new Terms(
                        row.getDouble("demand"),
                        row.getLong("backlog"),
                        row.getDouble("counted_seconds"),
                        row.getDouble("all_seconds"),
                        row.getDouble("lane_age")))
                .single();
        var backlog = terms.backlog(enough);
        var rate = Rate.of(terms.demand(), backlog, terms.laneAge(), properties);
        jdbc.sql(SET)
                .param("demand", terms.demand())
                .param("backlog", backlog)
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
