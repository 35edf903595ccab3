package outrider.scheduler.due;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scheduler.Sql;

/// Brings the scopes into step with the catalogue: a new checker gets a scope for every asset, a dropped one is
/// due no more. What has changed is noted at start; the scopes [follow][#follow] some at a time.
@Component
public final class CheckerRoll implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CheckerRoll.class);
    private static final int BATCH = 2_000;

    /// Without it, an asset that is being added now could miss a new checker, or be given one that goes.
    private static final String HOLD_ASSETS = "lock table scheduler.asset in share mode";

    /// Says that a release which knows these checkers is at work.
    private static final String SEEN =
            "update scheduler.checker set seen_at = :now where checker = any (:checkers) and seen_at < :now";

    private static final String NEW = """
            select exists (select from unnest(:checkers) as known (name)
                            where not exists (select from scheduler.checker where checker = name and active))
            """;

    private static final String ACTIVATE = """
            insert into scheduler.checker as k (checker, active, followed_to, seen_at)
            select name, true, '00000000-0000-0000-0000-000000000000', :now
              from unnest(:checkers) as known (name)
                on conflict (checker) do update set active = true, followed_to = excluded.followed_to, seen_at = excluded.seen_at
             where not k.active
            """;

    private static final String RETIRE = """
            update scheduler.checker
               set active = false, followed_to = '00000000-0000-0000-0000-000000000000'
             where active
               and seen_at <= :unseen
            returning checker
            """;

    private static final String FOLLOWING = """
            select checker, active, followed_to
              from scheduler.checker
             where followed_to is not null
             order by checker
             limit 1
               for no key update skip locked
            """;

    /// Kept from being deleted until each has its scope.
    private static final String SOME = """
            select id from scheduler.asset where id > :after order by id limit :limit for key share
            """;

    /// Spread over the plan's interval: a release with a new checker must not make everything due at once.
    private static final String ADD_SCOPES = """
            insert into scheduler.scope (asset_id, checker, account_id, next_due)
            select a.id, k.number, a.account_id, scheduler.next_due(a.place, :now, p.every, p.anchor)
              from scheduler.asset a
              join scheduler.account c on c.id = a.account_id
              join scheduler.plan p on p.plan = c.plan
             cross join scheduler.checker k
             where a.id > :after
               and a.id <= :last
               and k.checker = :checker
               and not c.going
             order by a.id
                on conflict (asset_id, checker) do update set next_due = excluded.next_due
             where scope.next_due = 'infinity'
            returning account_id
            """;

    private static final String LOCK_SCOPES = """
            select from scheduler.scope
             where checker = (select number from scheduler.checker where checker = :checker)
               and asset_id > :after
               and asset_id <= :last
             order by asset_id
               for no key update
            """;

    private static final String END_SCOPES = """
            update scheduler.scope
               set next_due = 'infinity'
             where checker = (select number from scheduler.checker where checker = :checker)
               and asset_id > :after
               and asset_id <= :last
               and next_due < 'infinity'
            returning account_id
            """;

    private static final String FOLLOWED = """
            update scheduler.checker set followed_to = :last::uuid where checker = :checker
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Checkers checkers;
    private final ScopeCounts counts;
    private final ScheduleProperties properties;
    private final Clock clock;
    private volatile boolean noted;

    public CheckerRoll(
            JdbcClient jdbc,
            TransactionTemplate transactions,
            Checkers checkers,
            ScopeCounts counts,
            ScheduleProperties properties,
            Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.checkers = checkers;
        this.counts = counts;
        this.properties = properties;
        this.clock = clock;
    }

    private record Following(String checker, boolean active, UUID reached) {}

    @Override
    public void start() {
        transactions.executeWithoutResult(status -> {
            sql(SEEN).update();
            if (sql(NEW).query(Boolean.class).single()) {
                jdbc.sql(HOLD_ASSETS).update();
                LOG.info(
                        "The catalogue has {} new checkers: the scopes follow",
                        sql(ACTIVATE).update());
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

    /// One round: says which checkers this release knows, and retires those that no release at work has known
    /// for long. One that has just started may be the older one: of a checker that it does not know, another may
    /// know.
    ///
    /// @return whether there is more to do at once
    boolean retire() {
        var now = clock.instant();
        return Boolean.TRUE.equals(transactions.execute(status -> {
            sql(SEEN).update();
            var gone = jdbc.sql(RETIRE)
                    .param("unseen", Sql.at(now.minus(properties.retireAfter())))
                    .query(String.class)
                    .list();
            gone.forEach(name -> LOG.info("No release at work knows checker {}: its scopes are due no more", name));
            return false;
        }));
    }

    /// One round: makes the scopes of some assets follow. Whoever dies within it leaves it to the next; done
    /// twice it changes nothing.
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
            var last = some.getLast();
            if (one.active()) {
                counts.raise(
                        of(ADD_SCOPES, one, last)
                                .param("now", Sql.at(clock.instant()))
                                .query(CheckerRoll::account)
                                .stream());
            } else {
                of(LOCK_SCOPES, one, last).query(rows -> {});
                counts.lower(of(END_SCOPES, one, last).query(CheckerRoll::account).stream());
            }
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

    private static UUID account(ResultSet row, int number) throws SQLException {
        return row.getObject("account_id", UUID.class);
    }

    private JdbcClient.StatementSpec of(String statement, Following one, UUID last) {
        return jdbc.sql(statement)
                .param("checker", one.checker())
                .param("after", one.reached())
                .param("last", last);
    }

    private JdbcClient.StatementSpec sql(String statement) {
        return jdbc.sql(statement)
                .param("checkers", Sql.array("text", checkers.names(), name -> name))
                .param("now", Sql.at(clock.instant()));
    }
}
