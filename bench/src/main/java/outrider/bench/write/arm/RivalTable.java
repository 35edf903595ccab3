package outrider.bench.write.arm;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The tables that rivals write: columns, constraints and indexes as those of `insights`.
public final class RivalTable {
    public static final String INSIGHT = "rival.insight";

    /// What a writer says of an insight; the id is the table's own default.
    static final List<String> COLUMNS = List.of(
            "account_id",
            "scope_id",
            "key",
            "content_hash",
            "severity",
            "firm",
            "state",
            "check_id",
            "subject",
            "detail",
            "title",
            "evidence",
            "first_seen",
            "changed_at",
            "opened_seq");

    public static final String ALL = String.join(", ", COLUMNS);

    /// What a later report writes over.
    public static final String OVERWRITE = """
            on conflict (account_id, scope_id, key) do update
            set content_hash = excluded.content_hash, severity = excluded.severity, firm = excluded.firm
              , state = excluded.state, title = excluded.title, evidence = excluded.evidence
              , changed_at = excluded.changed_at, resolved_at = null, resolution = null
            """;

    private RivalTable() {}

    /// Makes them beside a migrated schema.
    public static void create(Statement statement) throws SQLException {
        statement.execute("create schema rival");
        statement.execute("create table rival.insight (like insights.insight including all)");
        statement.execute("create table rival.insight_event (like insights.insight_event including all)");
    }

    /// Empties them.
    public static void empty(Statement statement) throws SQLException {
        statement.execute("truncate rival.insight, rival.insight_event");
    }
}
