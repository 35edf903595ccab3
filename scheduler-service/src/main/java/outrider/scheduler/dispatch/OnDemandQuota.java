package outrider.scheduler.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;
import outrider.web.ProblemException;

/// How many scans on demand an account may order: a token bucket in the database, one for all replicas. Callers
/// bring the transaction; what is taken in one that fails is not taken.
@Component
final class OnDemandQuota {

    private static final String OPEN = """
            insert into scheduler.on_demand_quota (account_id, tokens, refilled_at)
            values (:account, :depth, :now)
                on conflict do nothing
            """;

    private static final String REFILL = """
            update scheduler.on_demand_quota
               set tokens = least(:depth, tokens + greatest(0, extract(epoch from :now - refilled_at)) * :depth / 3600)
                 , refilled_at = greatest(refilled_at, :now)
             where account_id = :account
            returning tokens
            """;

    private static final String TAKE = """
            update scheduler.on_demand_quota set tokens = tokens - :scans where account_id = :account
            """;

    private final JdbcClient jdbc;
    private final int perHour;

    OnDemandQuota(JdbcClient jdbc, DispatchProperties properties) {
        this.jdbc = jdbc;
        this.perHour = properties.onDemandPerHour();
    }

    /// Takes permission for so many scans, or ends the request with 429, which says how many there are and when
    /// there will be enough.
    void take(UUID account, int scans, Instant now) {
        jdbc.sql(OPEN)
                .param("account", account)
                .param("depth", perHour)
                .param("now", Sql.at(now))
                .update();
        double left = jdbc.sql(REFILL)
                .param("account", account)
                .param("depth", perHour)
                .param("now", Sql.at(now))
                .query(Double.class)
                .single();
        if (left < scans) {
            throw refusal(scans, left);
        }
        jdbc.sql(TAKE).param("account", account).param("scans", scans).update();
    }

    private ProblemException refusal(int scans, double left) {
        if (scans > perHour) {
            return ProblemException.invalid(
                    "checkers",
                    "would start %d scans, and an account may order %d an hour: name fewer".formatted(scans, perHour));
        }
        var wait = Duration.ofSeconds((long) Math.ceil((scans - left) * 3600 / perHour));
        return ProblemException.tooMany(
                wait,
                "This would start %d scans on demand, and of its %d an hour the account has %d left. There will be enough in %s."
                        .formatted(scans, perHour, (long) left, wait));
    }
}
