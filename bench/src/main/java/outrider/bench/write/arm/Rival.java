package outrider.bench.write.arm;

import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/// A way to write reports that is not ours, on one connection: it writes over what is there. On request it also keeps
/// a history of what changed and resolves what a report leaves out, by statements of its own in the same transaction.
public abstract class Rival implements Arm {
    private static final String HISTORY = """
            insert into rival.insight_event (account_id, scope_id, key, at, seq, kind, was_severity, was_title, was_evidence)
            select account_id, scope_id, key, ?, ?, 'changed', i.severity, i.title, i.evidence
              from rival.insight i join unnest(?::uuid[], ?::uuid[]) as new (key, content_hash) using (key)
             where account_id = ? and scope_id = ? and i.content_hash <> new.content_hash
            """;

    private static final String RESOLVE = """
            update rival.insight i
               set state = 'resolved', resolution = 'fixed', resolved_at = ?
             where account_id = ? and scope_id = ? and state = 'open'
               and not exists (select from unnest(?::uuid[]) as new (key) where new.key = i.key)
            """;

    private final Connection connection;
    private final boolean promises;

    /// @param promises whether it also keeps history and resolves
    Rival(String url, boolean promises) throws SQLException {
        this.connection = DriverManager.getConnection(url);
        this.promises = promises;
    }

    /// What it is called without its promises.
    abstract String way();

    /// Writes the insights of a report over what is there.
    abstract void upsert(Connection connection, Batch report) throws SQLException;

    /// Whether the insights of a report are one transaction even if nothing more is promised.
    boolean needsTransaction() {
        return true;
    }

    @Override
    public final String name() {
        return promises ? way() + ", resolve and history" : way();
    }

    @Override
    public final void write(List<Batch> reports) throws SQLException {
        connection.setAutoCommit(!promises && !needsTransaction());
        for (var report : reports) {
            if (promises) {
                history(report);
            }
            upsert(connection, report);
            if (promises) {
                resolve(report);
            }
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    private void history(Batch report) throws SQLException {
        try (var insert = connection.prepareStatement(HISTORY)) {
            insert.setObject(1, Statements.at(report));
            insert.setLong(2, report.sequence());
            insert.setArray(3, keys(report));
            insert.setArray(
                    4,
                    connection.createArrayOf(
                            "uuid", report.rows().map(Batch.Row::content).toArray(UUID[]::new)));
            insert.setObject(5, report.scope().account());
            insert.setLong(6, report.scope().number());
            insert.executeUpdate();
        }
    }

    private void resolve(Batch report) throws SQLException {
        try (var update = connection.prepareStatement(RESOLVE)) {
            update.setObject(1, Statements.at(report));
            update.setObject(2, report.scope().account());
            update.setLong(3, report.scope().number());
            update.setArray(4, keys(report));
            update.executeUpdate();
        }
    }

    private Array keys(Batch report) throws SQLException {
        return connection.createArrayOf(
                "uuid", report.rows().map(Batch.Row::key).toArray(UUID[]::new));
    }

    @Override
    public final void close() throws SQLException {
        connection.close();
    }
}
