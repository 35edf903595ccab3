package outrider.bench.write;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import outrider.bench.write.arm.RivalTable;

/// Sets the stage between measurements, and reads the server's own counters.
final class Keeper implements AutoCloseable {
    private final Connection connection;

    Keeper(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
    }

    /// All tables without a row.
    void empty() throws SQLException {
        emptyRivals();
        execute("truncate insights.insight, insights.insight_event, insights.scope, insights.withheld");
    }

    void emptyRivals() throws SQLException {
        try (var statement = connection.createStatement()) {
            RivalTable.empty(statement);
        }
    }

    /// What autovacuum would have done by the time of the next scan.
    void vacuum() throws SQLException {
        execute("vacuum (analyze) insights.insight");
        execute("vacuum (analyze) insights.scope");
        execute("vacuum (analyze) rival.insight");
    }

    /// Nothing is left to do of what came before, and every arm pays for its own pages in the log.
    void settle() throws SQLException {
        awaitEmptySlots();
        execute("checkpoint");
    }

    /// Waits for what goes on behind the answers of large reports.
    void awaitEmptySlots() throws SQLException {
        while (number("select count(*) from pg_locks where locktype = 'advisory' and classid = 4242") > 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /// Where the log has come to, in bytes.
    long log() throws SQLException {
        return number("select pg_current_wal_insert_lsn() - '0/0'");
    }

    /// Rows inserted into and deleted from the catalogs so far.
    long catalogRows() throws SQLException {
        execute("select pg_stat_force_next_flush()");
        return number("select sum(n_tup_ins + n_tup_del) from pg_stat_sys_tables where schemaname = 'pg_catalog'");
    }

    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
