package outrider.scheduler.due;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.scheduler.Sql;

/// The intervals of the plans, and how a change of one reaches the scopes: nobody is due later than was promised,
/// and nothing is due in a burst.
@Component
final class Plans {

    private static final Logger LOG = LoggerFactory.getLogger(Plans.class);
    private static final int BATCH = 2_000;

    private static final String LOCK = """
            select extract(epoch from every)::bigint as seconds, anchor from scheduler.plan where plan = :plan for no key update
            """;

    private static final String CHANGE = """
            update scheduler.plan
               set every = :seconds * interval '1 second'
                 , anchor = :anchor
                 , changed_at = case when :shorter then :now::timestamptz else changed_at end
                 , respread_to = case when :shorter then '00000000-0000-0000-0000-000000000000' else respread_to end
             where plan = :plan
            """;

    private static final String CHANGED = """
            select plan, changed_at, respread_to
              from scheduler.plan
             where changed_at is not null
             limit 1
               for no key update skip locked
            """;

    private static final String SOME = """
            select a.id
              from scheduler.asset a
              join scheduler.account c on c.id = a.account_id
             where c.plan = :plan
               and a.id > :after
             order by a.id
             limit :limit
            """;

    private static final String LOCK_SOME = """
            select from scheduler.scope
             where asset_id > :after
               and asset_id <= :last
               and asset_id in (select a.id from scheduler.asset a join scheduler.account c on c.id = a.account_id
                                 where a.id > :after and a.id <= :last and c.plan = :plan)
             order by asset_id, checker
               for no key update
            """;

    /// As of the change, or of the claim that came after it: nobody is scanned twice for it.
    private static final String RESPREAD = """
            update scheduler.scope s
               set next_due = t.next_due
              from (select o.asset_id, o.checker, scheduler.next_due(a.place, greatest(:changed_at, o.attempted_at), p.every, p.anchor) as next_due
                      from scheduler.scope o
                      join scheduler.asset a on a.id = o.asset_id
                     cross join scheduler.plan p
                     where o.asset_id > :after
                       and o.asset_id <= :last
                       and p.plan = :plan
                       and exists (select from scheduler.account c where c.id = a.account_id and c.plan = :plan)
                       and o.next_due < 'infinity') t
             where s.asset_id = t.asset_id
               and s.checker = t.checker
               and s.next_due > t.next_due
            """;

    private static final String REACHED = """
            update scheduler.plan
               set respread_to = :last::uuid
                 , changed_at = case when :last::uuid is not null then changed_at end
             where plan = :plan
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    Plans(JdbcClient jdbc, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    private record Change(String plan, Instant at, UUID reached) {}

    /// Changes the interval of a plan, for claims from now on; the scopes that are due by the old one follow
    /// [soon][#respread].
    ///
    /// @return the interval before; empty where there is no such plan
    Optional<Duration> change(String plan, Duration every, Instant now) {
        return Optional.ofNullable(transactions.execute(status -> {
            var phase = lock(plan);
            if (phase != null && !phase.every().equals(every)) {
                var changed = phase.changed(every, now);
                jdbc.sql(CHANGE)
                        .param("plan", plan)
                        .param("seconds", every.toSeconds())
                        .param("anchor", Sql.at(changed.anchor()))
                        .param("shorter", phase.isShorter(every))
                        .param("now", Sql.at(now))
                        .update();
            }
            return phase == null ? null : phase.every();
        }));
    }

    private @Nullable Phase lock(String plan) {
        return jdbc.sql(LOCK)
                .param("plan", plan)
                .query((row, number) ->
                        new Phase(Duration.ofSeconds(row.getLong("seconds")), Sql.instant(row, "anchor")))
                .optional()
                .orElse(null);
    }

    /// One round: makes some scopes of a plan with a shorter interval due sooner. Whoever dies within it leaves
    /// it to the next; done twice it changes nothing.
    ///
    /// @return whether there is more to do at once
    boolean respread() {
        return Boolean.TRUE.equals(transactions.execute(status -> jdbc.sql(CHANGED)
                .query((row, number) -> new Change(
                        row.getString("plan"),
                        Sql.instant(row, "changed_at"),
                        row.getObject("respread_to", UUID.class)))
                .optional()
                .map(this::respread)
                .orElse(false)));
    }

    private boolean respread(Change change) {
        var some = jdbc.sql(SOME)
                .param("plan", change.plan())
                .param("after", change.reached())
                .param("limit", BATCH)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
        if (!some.isEmpty()) {
            jdbc.sql(LOCK_SOME)
                    .param("plan", change.plan())
                    .param("after", change.reached())
                    .param("last", some.getLast())
                    .query(rows -> {});
            jdbc.sql(RESPREAD)
                    .param("plan", change.plan())
                    .param("changed_at", Sql.at(change.at()))
                    .param("after", change.reached())
                    .param("last", some.getLast())
                    .update();
        }
        var more = some.size() == BATCH;
        jdbc.sql(REACHED)
                .param("plan", change.plan())
                .param("last", more ? some.getLast() : null)
                .update();
        if (!more) {
            LOG.info("All scopes of plan {} follow its interval now", change.plan());
        }
        return true;
    }
}
