package outrider.bench.write;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import outrider.bench.write.arm.RivalTable;

/// Sets the stage between measurements, and reads the server's own counters.
final class Keeper implements AutoCloseable {
    private static final long UNTIL_TOLD = TimeUnit.SECONDS.toNanos(11);

    private final Connection connection;

    Keeper(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
    }

    /// All tables without a row.
    void empty() throws SQLException {
        execute("truncate insights.insight, insights.insight_event, insights.scope, insights.withheld, insights.part");
        try (var statement = connection.createStatement()) {
            RivalTable.empty(statement);
        }
    }

    /// All of an account gone, and its room free.
    void forget(UUID account) throws SQLException {
        for (var table : List.of(
                "insights.insight",
                "insights.insight_event",
                "insights.scope",
                "rival.insight",
                "rival.insight_event")) {
            execute("delete from %s where account_id = '%s'".formatted(table, account));
        }
        vacuum();
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

    /// Rows inserted into and deleted from the catalogs so far. Sessions tell what they did only when they have been
    /// idle for so long.
    long catalogRows() throws SQLException {
        LockSupport.parkNanos(UNTIL_TOLD);
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

    List<String> texts(String sql) throws SQLException {
        var texts = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
