package outrider.insights.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;
import outrider.insight.Confidence;
import outrider.insights.database.DatabaseUse;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.Wire;

/// A slot of the database, leased to one large report: takes its rows by binary COPY while they come, then merges them.
///
/// Rows and merge are one transaction. Whoever dies in it, here or there, leaves nothing; the lease ends with the
/// session.
final class Stage implements AutoCloseable {

    private static final int COLUMNS = 10;

    private final Staging staging;
    private final Connection connection;
    private final int slot;
    private final CopyIn copy;
    private final CopyRows rows;
    private boolean open = true;
    private long spent;

    /// Begins to copy into the slot.
    ///
    /// @param begin when the lease was asked for, by the nanosecond clock
    Stage(Staging staging, Connection connection, int slot, long begin) throws SQLException {
        this.staging = staging;
        this.connection = connection;
        this.slot = slot;
        connection.setAutoCommit(false);
        copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy insights.stage_%d from stdin (format binary)".formatted(slot));
        rows = new CopyRows(copy);
        spent = System.nanoTime() - begin;
    }

    int slot() {
        return slot;
    }

    /// For what belongs to the transaction of the rows, and ends with the budget of the request.
    JdbcClient jdbc() {
        return JdbcClient.create(new SingleConnectionDataSource(DatabaseUse.limit(connection), true));
    }

    /// @param mentioned whether it counts that there is a result, although it could not tell
    void add(CheckResult result, boolean mentioned) {
        if (result.state() == CheckState.ERROR && !mentioned) {
            return;
        }
        try {
            rows.row(COLUMNS).nothing().nothing().nothing().nothing();
            rows.text(result.check().value()).text(result.subject());
            rows.nothing().nothing().nothing();
            if (result.state() == CheckState.ERROR) {
                rows.nothing();
            } else {
                rows.truth(result.state() != CheckState.NOT_APPLICABLE);
            }
        } catch (SQLException e) {
            throw translated("copy", e);
        }
    }

    void add(Report.Row row) {
        var insight = row.insight();
        try {
            rows.row(COLUMNS).uuid(row.key()).uuid(row.content());
            if (insight == null) {
                for (var column = 2; column < COLUMNS; column++) {
                    rows.nothing();
                }
                return;
            }
            rows.number(insight.severity().ordinal()).truth(insight.confidence() == Confidence.FIRM);
            rows.text(insight.check().value())
                    .text(insight.subject())
                    .text(insight.detail())
                    .text(insight.title());
            rows.text(Wire.JSON.writeValueAsBytes(insight.evidence())).nothing();
        } catch (SQLException e) {
            throw translated("copy", e);
        }
    }

    /// How long the report waited for the slot and its database beyond being read, in nanoseconds.
    long spent() {
        return spent;
    }

    /// Ends the copy: all rows of the report have come.
    void end() {
        var begin = System.nanoTime();
        try {
            rows.end();
            spent += System.nanoTime() - begin;
        } catch (SQLException e) {
            throw translated("copy", e);
        }
    }

    void commit() {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw translated("commit", e);
        }
    }

    /// Gives the slot back. What was not committed is undone.
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
            connection.rollback();
            staging.giveBack(connection, slot);
        } catch (SQLException e) {
            staging.giveUp(connection, slot, e);
        }
    }

    private static RuntimeException translated(String task, SQLException e) {
        var translated = new SQLStateSQLExceptionTranslator().translate(task, null, e);
        return translated != null ? translated : new IllegalStateException(task, e);
    }
}
