package outrider.scheduler.inventory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.scan.InventoryRecord;
import outrider.scan.Plan;
import outrider.scan.Wire;
import outrider.scheduler.Sql;

/// Changes of the inventory that are committed and not yet published.
@Component
final class Outbox {

    private static final String ADD = """
            insert into scheduler.outbox (key, value)
            select key, value
              from unnest(:keys, :values) with ordinality as t (key, value, place)
             order by place
            """;

    /// One that lies too far ahead is of a clock that has been set back since.
    private static final String LEASE = """
            update scheduler.outbox_lease set held_until = :until where held_until <= :now or held_until > :ahead
            """;

    private static final String RELEASE =
            "update scheduler.outbox_lease set held_until = '-infinity' where held_until = :until";

    private static final String OLDEST = """
            select id, topic, key, value from scheduler.outbox where id > :after order by id limit :limit
            """;

    /// By id and not up to one: a transaction that began earlier may still add a lower id.
    private static final String REMOVE = "delete from scheduler.outbox where id = any (:ids)";

    private static final String CHANGED_PLANS = """
            update scheduler.plan
               set published = every
             where published is distinct from every
            returning plan, extract(epoch from every)::bigint as seconds
            """;

    private final JdbcClient jdbc;

    Outbox(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// A change that waits.
    record Entry(long id, String topic, String key, String value) {}

    /// Adds changes in the caller's transaction. The caller holds the locks of what has changed.
    void add(Collection<? extends InventoryRecord> records) {
        jdbc.sql(ADD)
                .param("keys", Sql.array("text", records, InventoryRecord::key))
                .param("values", Sql.array("text", records, Outbox::json))
                .update();
    }

    /// Adds the plans whose interval has changed, by whomever, in the caller's transaction.
    void addChangedPlans() {
        add(jdbc.sql(CHANGED_PLANS)
                .query((row, number) -> new InventoryRecord.Cadence(
                        Plan.valueOf(row.getString("plan").toUpperCase(Locale.ROOT)),
                        Duration.ofSeconds(row.getLong("seconds"))))
                .list());
    }

    /// Makes the caller the only one who publishes until then, or until it [releases][#release] that; false when
    /// another is at it.
    boolean lease(Instant now, Instant until) {
        return jdbc.sql(LEASE)
                        .param("now", Sql.at(now))
                        .param("until", Sql.at(until))
                        .param("ahead", Sql.at(until.plus(Duration.between(now, until))))
                        .update()
                == 1;
    }

    /// Gives back the lease until then; not that of another, who has taken over since.
    void release(Instant until) {
        jdbc.sql(RELEASE).param("until", Sql.at(until)).update();
    }

    /// @param after only those with a higher id
    List<Entry> oldest(long after, int limit) {
        return jdbc.sql(OLDEST)
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> new Entry(
                        row.getLong("id"), row.getString("topic"), row.getString("key"), row.getString("value")))
                .list();
    }

    void remove(Collection<Entry> published) {
        jdbc.sql(REMOVE).param("ids", Sql.array("bigint", published, Entry::id)).update();
    }

    private static String json(InventoryRecord record) {
        return new String(Wire.write(record), StandardCharsets.UTF_8);
    }
}
