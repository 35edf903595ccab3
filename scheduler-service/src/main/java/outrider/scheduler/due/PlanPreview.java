package outrider.scheduler.due;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Answers the question: what would another interval of a plan cost?
@Component
final class PlanPreview {

    private static final String PLANS = """
            select plan, extract(epoch from every)::bigint as seconds, population from scheduler.plan
            """;

    private final JdbcClient jdbc;
    private final Checkers checkers;
    private final ScheduleProperties properties;

    PlanPreview(JdbcClient jdbc, Checkers checkers, ScheduleProperties properties) {
        this.jdbc = jdbc;
        this.checkers = checkers;
        this.properties = properties;
    }

    /// What would change, as the population was last counted.
    ///
    /// @param notCounted checkers of which is not known what a scan sends: they are not in the requests
    record Preview(String plan, String interval, Load before, Load after, List<String> notCounted) {}

    /// A steady load.
    ///
    /// @param demandPerSecond scans that the plans ask for
    /// @param perSecond scans that would be dispatched at most, in quiet times
    /// @param requestsPerSecond what the scans asked for send to the world outside
    /// @param utilisation demand ÷ ceiling; above 1 scans fall ever further behind
    /// @param fullPass how long it takes until each asset of the plan has been scanned once: the interval, or
    /// longer above a utilisation of 1
    /// @param lagAfterInterval how late assets would be one interval from now
    record Load(
            String interval,
            double demandPerSecond,
            double perSecond,
            double requestsPerSecond,
            double utilisation,
            Duration fullPass,
            Duration lagAfterInterval) {}

    private record Cadence(String plan, Duration every, long population) {}

    /// Changes nothing; null where there is no such plan.
    @Nullable
    Preview of(String plan, Duration every) {
        var now = jdbc.sql(PLANS)
                .query((row, number) -> new Cadence(
                        row.getString("plan"), Duration.ofSeconds(row.getLong("seconds")), row.getLong("population")))
                .list();
        var before = now.stream().filter(one -> one.plan().equals(plan)).findFirst();
        if (before.isEmpty()) {
            return null;
        }
        var then = now.stream()
                .map(one -> one.plan().equals(plan) ? new Cadence(plan, every, one.population()) : one)
                .toList();
        var unknown = checkers.names().stream()
                .filter(name -> !properties.requestsPerScan().containsKey(name))
                .toList();
        return new Preview(
                plan, ScheduleStatus.iso(every), load(before.get().every(), now), load(every, then), unknown);
    }

    private Load load(Duration every, List<Cadence> plans) {
        var demand = plans.stream()
                .mapToDouble(one -> one.population() / Rate.seconds(one.every()))
                .sum();
        // Every asset has a scope for each checker, so each checker has an equal share of the scans.
        var requests = checkers.names().stream()
                .mapToDouble(name -> properties.requestsPerScan().getOrDefault(name, 0.0))
                .average()
                .orElse(0);
        var utilisation = demand / properties.maxPerSecond();
        var fullPass = Math.round(Math.max(1, utilisation) * Rate.seconds(every));
        return new Load(
                ScheduleStatus.iso(every),
                demand,
                Rate.of(demand, 0, 0, properties).perSecond(),
                demand * requests,
                utilisation,
                Duration.ofSeconds(fullPass),
                Duration.ofSeconds(fullPass).minus(every));
    }
}
