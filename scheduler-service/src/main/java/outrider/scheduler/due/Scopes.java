package outrider.scheduler.due;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scheduler.Sql;

/// The scopes of assets: made with an asset, gone with it, due sooner when it changes. Callers bring the
/// transaction.
@Component
public final class Scopes {

    /// Each account has a clock of its own for its new scopes (a generic cell rate algorithm): it runs ahead by
    /// one turn for each, and so many may be early. Who brings a million gets them in turn, and makes nobody
    /// else wait. None waits longer than until its phase in the interval, which is even by itself.
    private static final String CREATE = """
            with fresh as (
                select a.id, a.place, a.account_id, k.number
                     , row_number() over (partition by a.account_id order by a.place, k.number) as turn
                  from scheduler.asset a
                 cross join scheduler.checker k
                 where a.id = any (:assets)
                   and k.active
            ), spacing as (
                select 2 / greatest(per_second, :at_least) * interval '1 second' as turn from scheduler.pace
            ), clock as (
                update scheduler.account c
                   set newcomers_until = greatest(c.newcomers_until, :now - :at_once * s.turn) + n.scopes * s.turn
                     , scopes = c.scopes + n.scopes
                  from (select account_id, count(*) as scopes from fresh group by account_id) n, spacing s
                 where c.id = n.account_id
                returning c.id, c.plan, s.turn, c.newcomers_until - n.scopes * s.turn as begin
            )
            insert into scheduler.scope (asset_id, checker, account_id, next_due)
            select f.id, f.number, f.account_id
                 , least(scheduler.next_due(f.place, :now, p.every, p.anchor), greatest(:now, c.begin + f.turn * c.turn))
              from fresh f
              join clock c on c.id = f.account_id
              join scheduler.plan p on p.plan = c.plan
            """;

    private static final String LOCK_OF = """
            select from scheduler.scope where asset_id = any (:assets) order by asset_id, checker for update
            """;

    private static final String REMOVE = """
            delete from scheduler.scope
             where asset_id = any (:assets)
            returning account_id, batch, ordinal, next_due < 'infinity' as active
            """;

    private static final String REMOVE_OPEN = """
            delete from scheduler.open_scan o
             using unnest(:batches, :ordinals) as t (batch, ordinal)
             where o.batch = t.batch
               and o.ordinal = t.ordinal
            """;

    private static final String HASTEN = """
            update scheduler.scope
               set next_due = :now
             where asset_id = :asset
               and next_due > :now
               and next_due < 'infinity'
            """;

    private static final String REPLAN = """
            update scheduler.account
               set replanned_at = :now, replanned_to = '00000000-0000-0000-0000-000000000000'
             where id = :account
            """;

    private static final String REPLANNED = """
            select id, replanned_at, replanned_to
              from scheduler.account
             where replanned_at is not null
             limit 1
               for no key update skip locked
            """;

    private static final String SOME = """
            select id from scheduler.asset where account_id = :account and id > :after order by id limit :limit
            """;

    private static final String LOCK_SOME = """
            select from scheduler.scope s
              join scheduler.asset a on a.id = s.asset_id
             where a.account_id = :account
               and a.id > :after
               and a.id <= :last
             order by s.asset_id, s.checker
               for no key update of s
            """;

    /// As of the change, or of the claim that came after it: nobody is scanned twice for it.
    private static final String FOLLOW = """
            update scheduler.scope s
               set next_due = t.next_due
              from (select o.asset_id, o.checker, scheduler.next_due(a.place, greatest(:since, o.attempted_at), p.every, p.anchor) as next_due
                      from scheduler.asset a
                      join scheduler.account c on c.id = a.account_id
                      join scheduler.plan p on p.plan = c.plan
                      join scheduler.scope o on o.asset_id = a.id
                     where a.account_id = :account
                       and a.id > :after
                       and a.id <= :last
                       and o.next_due < 'infinity') t
             where s.asset_id = t.asset_id
               and s.checker = t.checker
               and s.next_due > t.next_due
            """;

    private static final String REACHED = """
            update scheduler.account
               set replanned_to = :last::uuid
                 , replanned_at = case when :last::uuid is not null then replanned_at end
             where id = :account
            """;

    private static final int BATCH = 2_000;

    private final JdbcClient jdbc;
    private final ScopeCounts counts;
    private final ScheduleProperties properties;

    public Scopes(JdbcClient jdbc, ScopeCounts counts, ScheduleProperties properties) {
        this.jdbc = jdbc;
        this.counts = counts;
        this.properties = properties;
    }

    /// Makes the scopes of new assets. An account's first ones are due at once, and scanned as soon as the rate
    /// lets them; of many, the others follow at half the rate.
    public void create(Collection<UUID> assets, Instant now) {
        jdbc.sql(CREATE)
                .param("assets", Sql.array("uuid", assets, id -> id))
                .param("at_least", properties.catchUp().atLeast())
                .param("at_once", properties.newcomersAtOnce())
                .param("now", Sql.at(now))
                .update();
    }

    private record Removed(UUID account, boolean active) {}

    private record Open(long batch, int ordinal) {}

    /// Ends the scopes of assets, and with them their open scans. Answers how many there were.
    public int remove(Collection<UUID> assets) {
        var ids = Sql.array("uuid", assets, id -> id);
        jdbc.sql(LOCK_OF).param("assets", ids).query(rows -> {});
        var open = new ArrayList<Open>();
        var removed = jdbc.sql(REMOVE)
                .param("assets", ids)
                .query((row, number) -> {
                    var batch = row.getObject("batch", Long.class);
                    if (batch != null) {
                        open.add(new Open(batch, row.getInt("ordinal")));
                    }
                    return new Removed(row.getObject("account_id", UUID.class), row.getBoolean("active"));
                })
                .list();
        jdbc.sql(REMOVE_OPEN)
                .param("batches", Sql.array("bigint", open, Open::batch))
                .param("ordinals", Sql.array("int", open, Open::ordinal))
                .update();
        counts.lower(removed.stream().filter(Removed::active).map(Removed::account));
        return removed.size();
    }

    /// Makes an asset due now, because it is no longer what was last scanned.
    public void hasten(UUID asset, Instant now) {
        jdbc.sql(HASTEN).param("asset", asset).param("now", Sql.at(now)).update();
    }

    /// Notes a change of an account's plan, which its scopes follow [soon][#followPlan].
    public void replan(UUID account, Instant now) {
        jdbc.sql(REPLAN).param("account", account).param("now", Sql.at(now)).update();
    }

    private record Replanned(UUID account, Instant since, UUID reached) {}

    /// One round: makes some scopes of an account follow its change of plan. Nothing becomes due later than was
    /// promised before. Whoever dies within it leaves it to the next; done twice it changes nothing.
    ///
    /// @return whether there is more to do at once
    public boolean followPlan() {
        return jdbc.sql(REPLANNED)
                .query((row, number) -> new Replanned(
                        row.getObject("id", UUID.class),
                        Sql.instant(row, "replanned_at"),
                        row.getObject("replanned_to", UUID.class)))
                .optional()
                .map(this::followPlan)
                .orElse(false);
    }

    private boolean followPlan(Replanned change) {
        var some = jdbc.sql(SOME)
                .param("account", change.account())
                .param("after", change.reached())
                .param("limit", BATCH)
                .query(UUID.class)
                .list();
        if (!some.isEmpty()) {
            jdbc.sql(LOCK_SOME)
                    .param("account", change.account())
                    .param("after", change.reached())
                    .param("last", some.getLast())
                    .query(rows -> {});
            jdbc.sql(FOLLOW)
                    .param("account", change.account())
                    .param("since", Sql.at(change.since()))
                    .param("after", change.reached())
                    .param("last", some.getLast())
                    .update();
        }
        jdbc.sql(REACHED)
                .param("account", change.account())
                .param("last", some.size() == BATCH ? some.getLast() : null)
                .update();
        return true;
    }
}
