package outrider.scheduler.due;

import java.time.Clock;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scheduler.Sql;

/// Brings the scopes into step with the catalogue: a new checker gets a scope for every asset, a dropped one is due
/// no more. What has changed is noted at start; the scopes [follow][#follow] some at a time.
@Component
public final class CheckerRoll implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CheckerRoll.class);
    private static final int BATCH = 2_000;

    /// Without it, an asset that is being added now could miss a new checker, or be given one that goes.
    private static final String HOLD_ASSETS = "lock table scheduler.asset in share mode";

    private static final String CHANGED = """
            select exists (select from unnest(:checkers) as known (name)
                            where not exists (select from scheduler.checker where checker = name and active))
                or exists (select from scheduler.checker where active and checker <> all (:checkers))
            """;

    private static final String ACTIVATE = """
            insert into scheduler.checker as k (checker, active, followed_to)
            select name, true, '00000000-0000-0000-0000-000000000000'
              from unnest(:checkers) as known (name)
                on conflict (checker) do update set active = true, followed_to = excluded.followed_to
             where not k.active
            """;

    private static final String RETIRE = """
            update scheduler.checker
               set active = false, followed_to = '00000000-0000-0000-0000-000000000000'
             where active
               and checker <> all (:checkers)
            """;

    private static final String FOLLOWING = """
            select checker, active, followed_to
              from scheduler.checker
             where followed_to is not null
             order by checker
             limit 1
               for update skip locked
            """;

    /// Kept from being deleted until each has its scope.
    private static final String SOME = """
            select id from scheduler.asset where id > :after order by id limit :limit for key share
            """;

    /// Spread over the plan's interval: a release with a new checker must not make everything due at once.
    private static final String ADD_SCOPES = """
            insert into scheduler.scope (asset_id, checker, account_id, next_due)
            select a.id, :checker, a.account_id, scheduler.next_due(a.place, :now, p.every, p.anchor)
              from scheduler.asset a
              join scheduler.account c on c.id = a.account_id
              join scheduler.plan p on p.plan = c.plan
             where a.id > :after
               and a.id <= :last
             order by a.id
                on conflict (asset_id, checker) do update set next_due = excluded.next_due
             where scope.next_due = 'infinity'
            """;

    private static final String END_SCOPES = """
            with ending as (
                select asset_id, checker
                  from scheduler.scope
                 where checker = :checker
                   and asset_id > :after
                   and asset_id <= :last
                 order by asset_id
                   for update
            )
            update scheduler.scope s
               set next_due = 'infinity'
              from ending e
             where s.asset_id = e.asset_id
               and s.checker = e.checker
            """;

    private static final String FOLLOWED = """
            update scheduler.checker set followed_to = :last::uuid where checker = :checker
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Checkers checkers;
    private final Clock clock;
    private volatile boolean noted;

    public CheckerRoll(JdbcClient jdbc, TransactionTemplate transactions, Checkers checkers, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.checkers = checkers;
        this.clock = clock;
    }

    private record Following(String checker, boolean active, UUID reached) {}

    @Override
    public void start() {
        transactions.executeWithoutResult(status -> {
            if (sql(CHANGED).query(Boolean.class).single()) {
                jdbc.sql(HOLD_ASSETS).update();
                var added = sql(ACTIVATE).update();
                var retired = sql(RETIRE).update();
                LOG.info("The catalogue has {} new checkers, and {} are gone: the scopes follow", added, retired);
            }
        });
        noted = true;
    }

    @Override
    public void stop() {
        noted = false;
    }

    @Override
    public boolean isRunning() {
        return noted;
    }

    /// Before the loops and before the first request.
    @Override
    public int getPhase() {
        return 0;
    }

    /// One round: makes the scopes of some assets follow. Whoever dies within it leaves it to the next; done twice
    /// it changes nothing.
    ///
    /// @return whether there is more to do at once
    boolean follow() {
        return Boolean.TRUE.equals(transactions.execute(status -> jdbc.sql(FOLLOWING)
                .query((row, number) -> new Following(
                        row.getString("checker"), row.getBoolean("active"), row.getObject("followed_to", UUID.class)))
                .optional()
                .map(this::follow)
                .orElse(false)));
    }

    private boolean follow(Following one) {
        var some = jdbc.sql(SOME)
                .param("after", one.reached())
                .param("limit", BATCH)
                .query(UUID.class)
                .list();
        if (!some.isEmpty()) {
            jdbc.sql(one.active() ? ADD_SCOPES : END_SCOPES)
                    .param("checker", one.checker())
                    .param("now", Sql.at(clock.instant()))
                    .param("after", one.reached())
                    .param("last", some.getLast())
                    .update();
        }
        var more = some.size() == BATCH;
        jdbc.sql(FOLLOWED)
                .param("checker", one.checker())
                .param("last", more ? some.getLast() : null)
                .update();
        if (!more) {
            LOG.info("All scopes of checker {} follow the catalogue now", one.checker());
        }
        return true;
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql(statement).param("checkers", Sql.array("text", checkers.names(), name -> name));
    }
}
