package outrider.scheduler.due;

import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// The scopes of assets: made with an asset, gone with it, due sooner when it changes. Callers bring the transaction.
@Component
public final class Scopes {

    private static final String CREATE = """
            insert into scheduler.scope (asset_id, checker, account_id, next_due)
            select a.id, c.checker, a.account_id, :now
              from scheduler.asset a
             cross join scheduler.checker c
             where a.id = any (:assets)
               and c.active
                on conflict do nothing
            """;

    private static final String REMOVE = """
            with gone as (
                select asset_id, checker
                  from scheduler.scope
                 where asset_id = any (:assets)
                 order by asset_id, checker
                   for update
            )
            delete from scheduler.scope s
             using gone g
             where s.asset_id = g.asset_id
               and s.checker = g.checker
            """;

    private static final String HASTEN = """
            update scheduler.scope
               set next_due = :now
             where asset_id = :asset
               and next_due > :now
               and next_due < 'infinity'
            """;

    private static final String REPLAN = """
            update scheduler.scope s
               set next_due = scheduler.next_due(a.place, :now, p.every, p.anchor)
              from scheduler.asset a
              join scheduler.account c on c.id = a.account_id
              join scheduler.plan p on p.plan = c.plan
             where a.account_id = :account
               and s.asset_id = a.id
               and s.next_due < 'infinity'
               and s.next_due > scheduler.next_due(a.place, :now, p.every, p.anchor)
            """;

    private final JdbcClient jdbc;

    public Scopes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Makes the scopes of new assets, due at once: they are scanned as soon as the rate lets them.
    public void create(Collection<UUID> assets, Instant now) {
        jdbc.sql(CREATE)
                .param("assets", Sql.array("uuid", assets, id -> id))
                .param("now", Sql.at(now))
                .update();
    }

    /// Ends the scopes of assets, and with them their open scans.
    public void remove(Collection<UUID> assets) {
        jdbc.sql(REMOVE).param("assets", Sql.array("uuid", assets, id -> id)).update();
    }

    /// Makes an asset due now, because it is no longer what was last scanned.
    public void hasten(UUID asset, Instant now) {
        jdbc.sql(HASTEN).param("asset", asset).param("now", Sql.at(now)).update();
    }

    /// Follows a change of an account's plan. Nothing becomes due later than was promised before.
    public void replan(UUID account, Instant now) {
        jdbc.sql(REPLAN).param("account", account).param("now", Sql.at(now)).update();
    }
}
