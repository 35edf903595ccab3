package outrider.scheduler.due;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scheduler.Sql;

/// Brings the scopes into step with the catalogue at start: a new checker gets a scope for every asset, a
/// dropped one is due no more.
@Component
public final class CheckerRoll implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(CheckerRoll.class);

    private static final String UNLISTED = """
            select name
              from unnest(:checkers) as known (name)
             where not exists (select from scheduler.checker where checker = name and active)
            """;

    /// Without it, an asset that is being added now could miss a new checker.
    private static final String HOLD_ASSETS = "lock table scheduler.asset in share mode";

    private static final String ACTIVATE = """
            insert into scheduler.checker (checker, active)
            select name, true
              from unnest(:checkers) as known (name)
                on conflict (checker) do update set active = true
            """;

    /// Spread over the plan's interval: a release with a new checker must not make everything due at once.
    private static final String ADD_SCOPES = """
            insert into scheduler.scope (asset_id, checker, account_id, next_due)
            select a.id, known.name, a.account_id, scheduler.next_due(a.place, :now, p.every, p.anchor)
              from scheduler.asset a
              join scheduler.account c on c.id = a.account_id
              join scheduler.plan p on p.plan = c.plan
             cross join unnest(:checkers) as known (name)
                on conflict (asset_id, checker) do update set next_due = excluded.next_due
             where scope.next_due = 'infinity'
            """;

    private static final String RETIRE = """
            with retired as (
                update scheduler.checker set active = false where active and checker <> all (:checkers) returning checker
            )
            update scheduler.scope s set next_due = 'infinity' from retired r where s.checker = r.checker
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Checkers checkers;
    private final Clock clock;

    public CheckerRoll(JdbcClient jdbc, TransactionTemplate transactions, Checkers checkers, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.checkers = checkers;
        this.clock = clock;
    }

    @Override
    public void afterSingletonsInstantiated() {
        transactions.executeWithoutResult(status -> {
            var added = sql(UNLISTED, checkers.names())
                    .query((row, number) -> row.getString("name"))
                    .list();
            if (!added.isEmpty()) {
                add(added, clock.instant());
            }
            var retired = sql(RETIRE, checkers.names()).update();
            if (retired > 0) {
                LOG.info("{} scopes are due no more: the catalogue has dropped their checker", retired);
            }
        });
    }

    private void add(List<String> added, Instant now) {
        jdbc.sql(HOLD_ASSETS).update();
        sql(ACTIVATE, added).update();
        var scopes = sql(ADD_SCOPES, added).param("now", Sql.at(now)).update();
        LOG.info("The catalogue has new checkers {}: {} scopes for the assets there are", added, scopes);
    }

    private JdbcClient.StatementSpec sql(String statement, Collection<String> names) {
        return jdbc.sql(statement).param("checkers", Sql.array("text", names, name -> name));
    }
}
