package outrider.scheduler.due;

import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// How many scopes each plan has, and how old their last completed scans are. The first is the sum of what each
/// account is known to have. For the second a plan with few scopes is read whole, and of one with many a sample.
@Component
public final class Population {

    /// Ages are told apart by hundredths of the interval, up to ten intervals.
    private static final int HUNDREDTHS = 100;

    /// Within its promise is a scope whose last completed scan is no older than the interval and a tenth of it.
    private static final int PROMISE = 110;

    /// A plan with no more scopes than this is read whole.
    private static final int MAX_WHOLE = 50_000;

    /// About so many scopes are a sample of all plans together.
    private static final double SAMPLE = 100_000;

    private static final String SIZES = """
            select p.plan, extract(epoch from p.every)::bigint as seconds, coalesce(sum(c.scopes), 0)::bigint as scopes
              from scheduler.plan p
              left join scheduler.account c on c.plan = p.plan and not c.going
             group by p.plan
            """;

    private static final String AGE = """
            case when s.reported_at is null then -1
                 else least(1000, floor(extract(epoch from :now - s.reported_at) / :seconds * 100))
            end::int as age
            """;

    private static final String WHOLE = """
            select %s, count(*) as scopes
              from scheduler.account c
              join scheduler.asset a on a.account_id = c.id
              join scheduler.scope s on s.asset_id = a.id
             where c.plan = :plan
               and not c.going
               and s.next_due < 'infinity'
             group by 1
            """.formatted(AGE);

    /// Of blocks, so that it costs the same however large the table is.
    private static final String SAMPLED = """
            select %s, count(*) as scopes
              from scheduler.scope s tablesample system (:percent)
              join scheduler.account c on c.id = s.account_id
             where c.plan = :plan
               and not c.going
               and s.next_due < 'infinity'
             group by 1
            """.formatted(AGE);

    private static final String SET = """
            update scheduler.plan
               set population = :population
                 , never_scanned = :never
                 , fresh = :fresh
                 , age_p50 = :p50 * interval '1 second'
                 , age_p99 = :p99 * interval '1 second'
             where plan = :plan
            """;

    private final JdbcClient jdbc;

    public Population(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Size(String plan, Duration every, long scopes) {}

    private record Count(
            String plan,
            long scopes,
            long never,
            long fresh,
            @Nullable Long p50,
            @Nullable Long p99) {}

    /// Counts them and stores the figures with the plans.
    void count(Instant now) {
        var sizes = jdbc.sql(SIZES)
                .query((row, number) -> new Size(
                        row.getString("plan"), Duration.ofSeconds(row.getLong("seconds")), row.getLong("scopes")))
                .list();
        var all = sizes.stream().mapToLong(Size::scopes).sum();
        sizes.stream().map(size -> count(size, ages(size, all, now))).forEach(this::set);
    }

    private void set(Count count) {
        jdbc.sql(SET)
                .param("plan", count.plan())
                .param("population", count.scopes())
                .param("never", count.never())
                .param("fresh", count.fresh())
                .param("p50", count.p50(), Types.BIGINT)
                .param("p99", count.p99(), Types.BIGINT)
                .update();
    }

    /// How many scopes of the plan, or of the sample of it, are how old, in hundredths of its interval; -1 for
    /// those never scanned.
    private TreeMap<Integer, Long> ages(Size size, long all, Instant now) {
        var statement = size.scopes() <= MAX_WHOLE
                ? jdbc.sql(WHOLE)
                : jdbc.sql(SAMPLED).param("percent", Math.min(100, 100 * SAMPLE / all));
        var ages = new TreeMap<Integer, Long>();
        statement
                .param("plan", size.plan())
                .param("seconds", size.every().toSeconds())
                .param("now", Sql.at(now))
                .query((row, number) -> ages.put(row.getInt("age"), row.getLong("scopes")))
                .list();
        return ages;
    }

    private static Count count(Size size, TreeMap<Integer, Long> ages) {
        var never = ages.getOrDefault(-1, 0L);
        var scanned = ages.tailMap(0);
        var read = sum(scanned);
        var share = never + read == 0 ? 0 : (double) size.scopes() / (never + read);
        return new Count(
                size.plan(),
                size.scopes(),
                Math.round(never * share),
                Math.round(sum(ages.subMap(0, PROMISE)) * share),
                percentile(scanned, read, 0.5, size.every()),
                percentile(scanned, read, 0.99, size.every()));
    }

    private static long sum(SortedMap<Integer, Long> ages) {
        return ages.values().stream().mapToLong(Long::longValue).sum();
    }

    /// The age in seconds that so large a share does not exceed, rounded up to a hundredth of the interval; null
    /// where nothing has an age.
    private static @Nullable Long percentile(SortedMap<Integer, Long> scanned, long all, double share, Duration every) {
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
