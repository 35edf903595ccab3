package outrider.scheduler.due;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// Counts how many scopes each plan has and how old their last completed scans are: one pass over all of them,
/// without sorting any.
@Component
public final class Population {

    /// Ages are told apart by hundredths of the interval, up to ten intervals.
    private static final int HUNDREDTHS = 100;

    /// Within its promise is a scope whose last completed scan is no older than the interval and a tenth of it.
    private static final int PROMISE = 110;

    private static final String AGES = """
            select p.plan
                 , extract(epoch from p.every)::bigint as seconds
                 , case when s.reported_at is null then -1
                        else least(1000, floor(extract(epoch from :now - s.reported_at) / extract(epoch from p.every) * 100))
                   end::int as age
                 , count(s.asset_id) as scopes
              from scheduler.plan p
              left join scheduler.account c on c.plan = p.plan
              left join scheduler.scope s on s.account_id = c.id and s.next_due < 'infinity'
             group by 1, 2, 3
            """;

    private static final String SET = """
            update scheduler.plan p
               set population = t.population
                 , never_scanned = t.never
                 , fresh = t.fresh
                 , age_p50 = t.p50 * interval '1 second'
                 , age_p99 = t.p99 * interval '1 second'
              from unnest(:plans, :populations, :nevers, :freshes, :p50s, :p99s) as t (plan, population, never, fresh, p50, p99)
             where p.plan = t.plan
            """;

    private final JdbcClient jdbc;

    public Population(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Age(String plan, Duration every, int hundredths, long scopes) {}

    private record Count(
            String plan,
            long scopes,
            long never,
            long fresh,
            @Nullable Long p50,
            @Nullable Long p99) {}

    /// Counts them and stores the figures with the plans.
    void count(Instant now) {
        var ages = jdbc.sql(AGES)
                .param("now", Sql.at(now))
                .query((row, number) -> new Age(
                        row.getString("plan"),
                        Duration.ofSeconds(row.getLong("seconds")),
                        row.getInt("age"),
                        row.getLong("scopes")))
                .list();
        var byPlan = ages.stream().collect(Collectors.groupingBy(Age::plan, TreeMap::new, Collectors.toList()));
        var counts = new ArrayList<Count>();
        byPlan.forEach((plan, some) -> counts.add(count(plan, some)));
        jdbc.sql(SET)
                .param("plans", Sql.array("text", counts, Count::plan))
                .param("populations", Sql.array("bigint", counts, Count::scopes))
                .param("nevers", Sql.array("bigint", counts, Count::never))
                .param("freshes", Sql.array("bigint", counts, Count::fresh))
                .param("p50s", Sql.array("bigint", counts, Count::p50))
                .param("p99s", Sql.array("bigint", counts, Count::p99))
                .update();
    }

    private static Count count(String plan, List<Age> ages) {
        var scanned = new TreeMap<Integer, Long>();
        var never = 0L;
        for (var age : ages) {
            if (age.hundredths() < 0) {
                never += age.scopes();
            } else {
                scanned.put(age.hundredths(), age.scopes());
            }
        }
        var every = ages.getFirst().every();
        var all = scanned.values().stream().mapToLong(Long::longValue).sum();
        var fresh = scanned.headMap(PROMISE).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return new Count(
                plan,
                all + never,
                never,
                fresh,
                percentile(scanned, all, 0.5, every),
                percentile(scanned, all, 0.99, every));
    }

    /// The age in seconds that so large a share does not exceed, rounded up to a hundredth of the interval; null
    /// where nothing has an age.
    private static @Nullable Long percentile(TreeMap<Integer, Long> scanned, long all, double share, Duration every) {
        var below = 0L;
        for (var entry : scanned.entrySet()) {
            below += entry.getValue();
            if (below >= share * all) {
                return every.multipliedBy(entry.getKey() + 1L)
                        .dividedBy(HUNDREDTHS)
                        .toSeconds();
            }
        }
        return null;
    }
}
