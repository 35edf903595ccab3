package outrider.insights.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Closes the insights of checks that no living catalogue has any more in that checker, or all have disabled.
///
/// When what the living catalogues have has been unchanged for the grace period, and once a day from then on, it
/// walks over all scopes by their key. Each step is one transaction under the lock of the walk's row, so one
/// replica walks, and another goes on where it died.
@Component
final class RetiredChecks {

    private static final Logger LOG = LoggerFactory.getLogger(RetiredChecks.class);

    /// The most insights that one transaction closes.
    static final int STEP = 1_000;

    private static final int BUSY = -1;

    /// The most scopes that one transaction looks at.
    private static final int SCOPES = 500;

    private static final String WALK = """
            select living, account_id_after, scope_id_after
                 , since <= now() - :grace * interval '1 second'
                   and (done_at is null or done_at <= now() - interval '1 day') as due
              from insights.catalog_walk
               for update skip locked
            """;

    private static final String LIVING = """
            select c.checker, c.id, bool_and(c.disabled) as disabled
              from insights.catalog t
             cross join lateral jsonb_to_recordset(t.checks) c (id text, checker text, disabled boolean)
             where t.told_at > now() - :living * interval '1 second'
             group by c.checker, c.id
            """;

    private static final String LIVING_HASH = """
            select md5(string_agg(concat_ws(' ', checker, id, disabled), ',' order by checker, id)) from (
            """ + LIVING + ") l";

    private static final String BEGIN = """
            update insights.catalog_walk
               set living = :hash, since = now(), done_at = null
                 , account_id_after = '00000000-0000-0000-0000-000000000000', scope_id_after = 0
            """;

    private static final String PAGE = """
            select account_id, scope_id
              from insights.scope
             where (account_id, scope_id) > (:account, :scope)
             order by account_id, scope_id
             limit :scopes
            """;

    /// Every check that a scope has ever had an answer of is in its coverage.
    private static final String RETIRED = "with living as materialized (" + LIVING + """
            ), page as materialized (
                select account_id, scope_id, checker, coverage
                  from insights.scope
                 where (account_id, scope_id) > (:account, :scope) and (account_id, scope_id) <= (:last_account, :last_scope)
            )
            select p.account_id, p.scope_id
                 , array_agg(k.id) filter (where l.id is null) as gone
                 , array_agg(k.id) filter (where l.id is not null) as disabled
              from page p
             cross join lateral jsonb_object_keys(p.coverage) k (id)
              left join living l on l.checker = p.checker and l.id = k.id
             where l.disabled is not false
             group by p.account_id, p.scope_id
             order by p.account_id, p.scope_id
            """;

    /// A report that is being written first: its scope's turn comes again.
    private static final String LOCK = """
            select scope_id from insights.scope where account_id = :account and scope_id = :scope for no key update skip locked
            """;

    private static final String CLOSE = """
            with closed as (
                update insights.insight i
                   set state = 'resolved'
                     , resolution = case when i.check_id = any (:disabled) then 'disabled' else 'check_gone' end
                     , resolved_at = now()
                     , changed_at = now()
                     , seen_at = coalesce(i.seen_at, insights.completed(s.coverage -> i.check_id, s.scanned_at))
                  from insights.scope s
                 where s.account_id = :account and s.scope_id = :scope
                   and i.account_id = s.account_id and i.scope_id = s.scope_id
                   and i.state <> 'resolved'
                   and i.key = any (array(select key
                                            from insights.insight
                                           where account_id = :account and scope_id = :scope
                                             and state <> 'resolved'
                                             and check_id = any (:disabled || :gone)
                                           limit :step))
                returning i.account_id, i.scope_id, i.key, i.resolution, s.last_seq
            ), unequal as (
                update insights.part set digest = null where account_id = :account and scope_id = :scope
            ), recorded as (
                insert into insights.insight_event (account_id, scope_id, key, at, seq, kind, reason)
                select account_id, scope_id, key, now(), last_seq, 'resolved', resolution from closed
            )
            select count(*) from closed
            """;

    private static final String FORGET = """
            update insights.scope
               set digest = null, coverage = coverage - (:disabled || :gone)
             where account_id = :account and scope_id = :scope
            """;

    private static final String CHANGED =
            "update insights.scope set digest = null where account_id = :account and scope_id = :scope";

    private static final String ADVANCE =
            "update insights.catalog_walk set account_id_after = :account, scope_id_after = :scope";

    /// Reports that still name one wait until it is published again.
    private static final String DROP_OLD = "delete from insights.catalog where told_at < now() - interval '30 days'";

    private static final String END = """
            update insights.catalog_walk
               set done_at = now(), account_id_after = '00000000-0000-0000-0000-000000000000', scope_id_after = 0
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final CatalogProperties properties;
    private final CatalogMetrics metrics;

    RetiredChecks(
            JdbcClient jdbc, TransactionTemplate transaction, CatalogProperties properties, CatalogMetrics metrics) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.properties = properties;
        this.metrics = metrics;
    }

    /// @param living hash over the checks that it goes by; null: no catalogue lives
    /// @param due whether it goes on now
    private record Walk(@Nullable String living, Place after, boolean due) {}

    /// A scope, by its key.
    private record Place(UUID account, long scope) {}

    private record Retired(Place place, List<String> gone, List<String> disabled) {}

    /// One step of the walk, if it is time for it.
    ///
    /// @return whether there may be more to do at once
    boolean round() {
        return Boolean.TRUE.equals(transaction.execute(status -> jdbc.sql(WALK)
                .param("grace", properties.grace().toSeconds())
                .query(RetiredChecks::walk)
                .optional()
                .map(this::step)
                .orElse(false)));
    }

    private boolean step(Walk walk) {
        var living = jdbc.sql(LIVING_HASH)
                .param("living", properties.livingFor().toSeconds())
                .query(String.class)
                .optional()
                .orElse(null);
        if (!Objects.equals(living, walk.living())) {
            LOG.info("The checks of the fleet have changed; what is gone is closed in {}", properties.grace());
            jdbc.sql(BEGIN).param("hash", living).update();
            return false;
        }
        return living != null && walk.due() && page(walk.after());
    }

    private boolean page(Place after) {
        var page = at(PAGE, after)
                .param("scopes", SCOPES)
                .query(RetiredChecks::place)
                .list();
        if (page.isEmpty()) {
            jdbc.sql(END).update();
            jdbc.sql(DROP_OLD).update();
            return false;
        }
        var left = STEP;
        for (var scope : retired(after, page.getLast())) {
            var closed = close(scope, left);
            if (closed == BUSY) {
                return false;
            }
            left -= closed;
            if (left == 0) {
                return true;
            }
            at(ADVANCE, scope.place()).update();
        }
        at(ADVANCE, page.getLast()).update();
        return true;
    }

    private List<Retired> retired(Place after, Place last) {
        return at(RETIRED, after)
                .param("last_account", last.account())
                .param("last_scope", last.scope())
                .param("living", properties.livingFor().toSeconds())
                .query(RetiredChecks::retired)
                .list();
    }

    /// How many insights it closed, as many as it may if more are left; [#BUSY] if a report holds the scope.
    private int close(Retired scope, int atMost) {
        if (at(LOCK, scope.place()).query(Long.class).optional().isEmpty()) {
            return BUSY;
        }
        var closed = of(CLOSE, scope).param("step", atMost).query(Integer.class).single();
        if (closed < atMost) {
            of(FORGET, scope).update();
        } else {
            at(CHANGED, scope.place()).update();
        }
        metrics.closed(closed);
        return closed;
    }

    private JdbcClient.StatementSpec at(String statement, Place place) {
        return jdbc.sql(statement).param("account", place.account()).param("scope", place.scope());
    }

    private JdbcClient.StatementSpec of(String statement, Retired scope) {
        return at(statement, scope.place())
                .param("gone", new SqlArrayValue("text", scope.gone().toArray()))
                .param("disabled", new SqlArrayValue("text", scope.disabled().toArray()));
    }

    private static Walk walk(ResultSet row, int number) throws SQLException {
        var after = new Place(row.getObject("account_id_after", UUID.class), row.getLong("scope_id_after"));
        return new Walk(row.getString("living"), after, row.getBoolean("due"));
    }

    private static Place place(ResultSet row, int number) throws SQLException {
        return new Place(row.getObject("account_id", UUID.class), row.getLong("scope_id"));
    }

    private static Retired retired(ResultSet row, int number) throws SQLException {
        return new Retired(place(row, number), texts(row, "gone"), texts(row, "disabled"));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        var array = row.getArray(column);
        return array == null ? List.of() : Arrays.asList((String[]) array.getArray());
    }
}
