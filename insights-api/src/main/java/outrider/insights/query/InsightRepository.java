package outrider.insights.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.scan.Wire;
import tools.jackson.core.type.TypeReference;

/// Reads insights and their history.
@Component
final class InsightRepository {

    private static final String COLUMNS = """
            select i.*, s.asset_id, s.checker, a.name as asset_name
                 , coalesce(i.seen_at, insights.completed(s.coverage -> i.check_id, s.scanned_at)) as last_seen
            """;

    private static final String JOINS = """
              join insights.scope s on s.account_id = i.account_id and s.scope_id = i.scope_id
              left join insights.asset a on a.account_id = i.account_id and a.id = s.asset_id
            """;

    /// The page is cut first, in the order of an index, and joined then.
    private static final String PAGE = COLUMNS + """
              from (select *
                      from insights.insight i
                     where %s
                     order by i.severity desc, i.id desc
                     limit :limit) i
            """ + JOINS + """
             order by i.severity desc, i.id desc
            """;

    private static final String BEHIND = " and (i.severity, i.id) < (:severity_before, :id_before)";

    private static final String COUNT = """
            select count(*) from (select from insights.insight i where %s limit :limit) counted
            """;

    private static final String COUNTS = """
            select i.state, i.severity, i.check_id, count(*) as insights
              from insights.insight i
             where %s
             group by i.state, i.severity, i.check_id
            """;

    private static final String FIND = COLUMNS + """
              from insights.insight i
            """ + JOINS + """
             where i.id = :id and %s
            """;

    private static final String HISTORY = """
            select recorded_at, at, seq, kind, reason, was_severity, was_firm, was_title, was_evidence
              from insights.insight_event
             where account_id = :account and scope_id = :scope and key = :key and recorded_at > :after
             order by recorded_at
             limit :limit
            """;

    private static final TypeReference<Map<String, String>> EVIDENCE = new TypeReference<>() {};

    private final JdbcClient jdbc;

    InsightRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Where a page begins: behind the insight with that severity and id.
    record Cursor(Severity severity, UUID id) {}

    /// An insight and what leads to the rest of it.
    record Found(InsightView insight, Map<String, String> evidence, long scopeId, UUID key, long openedSequence) {}

    /// An entry of the history and its place in it.
    record Recorded(Instant recordedAt, HistoryEntry entry) {}

    /// The worst first, and of equals the newest.
    List<InsightView> page(InsightFilter filter, @Nullable Cursor cursor, int limit) {
        var where = cursor == null ? filter.where() : filter.where() + BEHIND;
        var query = jdbc.sql(PAGE.formatted(where)).params(filter.params()).param("limit", limit);
        if (cursor != null) {
            query = query.param("severity_before", cursor.severity().ordinal()).param("id_before", cursor.id());
        }
        return query.query(InsightRepository::view).list();
    }

    /// How many there are, counted up to the limit.
    int count(InsightFilter filter, int limit) {
        return jdbc.sql(COUNT.formatted(filter.where()))
                .params(filter.params())
                .param("limit", limit)
                .query(Integer.class)
                .single();
    }

    List<Summary.Count> counts(InsightFilter filter) {
        return jdbc.sql(COUNTS.formatted(filter.where()))
                .params(filter.params())
                .query((row, number) -> new Summary.Count(
                        InsightState.of(row.getString("state")),
                        Severity.values()[row.getInt("severity")],
                        row.getString("check_id"),
                        row.getLong("insights")))
                .list();
    }

    Optional<Found> find(UUID id, InsightFilter visible) {
        return jdbc.sql(FIND.formatted(visible.where()))
                .params(visible.params())
                .param("id", id)
                .query((row, number) -> new Found(
                        view(row, number),
                        Wire.JSON.readValue(row.getString("evidence"), EVIDENCE),
                        row.getLong("scope_id"),
                        row.getObject("key", UUID.class),
                        row.getLong("opened_seq")))
                .optional();
    }

    /// What happened after the opening, the oldest first.
    List<Recorded> history(Found found, Instant after, int limit) {
        return jdbc.sql(HISTORY)
                .param("account", found.insight().accountId())
                .param("scope", found.scopeId())
                .param("key", found.key())
                .param("after", Rows.parameter(after))
                .param("limit", limit)
                .query(InsightRepository::recorded)
                .list();
    }

    private static InsightView view(ResultSet row, int number) throws SQLException {
        return new InsightView(
                row.getObject("id", UUID.class),
                row.getObject("account_id", UUID.class),
                row.getObject("asset_id", UUID.class),
                row.getString("asset_name"),
                row.getString("checker"),
                row.getString("check_id"),
                row.getString("subject"),
                row.getString("detail"),
                Severity.values()[row.getInt("severity")],
                row.getBoolean("firm") ? Confidence.FIRM : Confidence.TENTATIVE,
                InsightState.of(row.getString("state")),
                row.getString("title"),
                Rows.time(row, "first_seen"),
                Rows.timeOrNull(row, "last_seen"),
                Rows.time(row, "changed_at"),
                Rows.timeOrNull(row, "resolved_at"),
                row.getString("resolution"));
    }

    private static Recorded recorded(ResultSet row, int number) throws SQLException {
        var severity = row.getObject("was_severity", Integer.class);
        var firm = row.getObject("was_firm", Boolean.class);
        var evidence = row.getString("was_evidence");
        var was = new HistoryEntry.Was(
                severity == null ? null : Severity.values()[severity],
                firm == null ? null : firm ? Confidence.FIRM : Confidence.TENTATIVE,
                row.getString("was_title"),
                evidence == null ? null : Wire.JSON.readValue(evidence, EVIDENCE));
        return new Recorded(
                Rows.time(row, "recorded_at"),
                new HistoryEntry(
                        Rows.time(row, "at"),
                        row.getString("kind"),
                        row.getLong("seq"),
                        row.getString("reason"),
                        was.isNothing() ? null : was));
    }
}
