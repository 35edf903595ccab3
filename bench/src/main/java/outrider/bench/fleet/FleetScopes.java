package outrider.bench.fleet;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import outrider.bench.BenchException;

/// The assets of the fleet: each with a scope of the simulated checker, and none of another.
final class FleetScopes implements AutoCloseable {

    private static final long PATIENCE_NANOS = 300_000_000_000L;

    private final Connection connection;

    FleetScopes(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
    }

    void fill(int assets) throws SQLException {
        run("""
            insert into scheduler.account (id, name, plan, created_at)
            select uuidv7(), 'Bench', 'free', now() from generate_series(1, 100)
            """);
        run("""
            insert into scheduler.asset (id, account_id, kind, name, endpoints, created_at)
            select uuidv7(), c.id, 'zone', 'a' || g.n || '.example', '{}', now()
              from (select id, row_number() over (order by id) - 1 as n from scheduler.account) c
              join generate_series(1, %d) g (n) on g.n %% 100 = c.n
            """.formatted(assets));
        run("""
            insert into scheduler.scope (asset_id, checker, account_id, next_due)
            select id, 'sim', account_id, now() from scheduler.asset
            """);
        run("vacuum analyze scheduler.scope");
    }

    void makeDue() throws SQLException {
        run("vacuum analyze scheduler.scope");
        run("vacuum analyze insights.scope");
        run("vacuum analyze insights.insight");
        run("checkpoint");
        run("update scheduler.scope set next_due = now()");
    }

    /// How many scans have been reported in all.
    long scans() {
        return number("select sum(sequence) - count(scan_id) from scheduler.scope");
    }

    void awaitReported(int assets) {
        await("select case when count(*) = %d then 0 else 1 end from scheduler.scope where reported_at is not null"
                .formatted(assets));
    }

    /// Until nothing is due and nothing is open.
    void awaitQuiet() {
        await("select count(*) from scheduler.scope where scan_id is not null or next_due <= now()");
    }

    private void await(String left) {
        var end = System.nanoTime() + PATIENCE_NANOS;
        while (number(left) > 0) {
            if (System.nanoTime() > end) {
                throw new BenchException("the fleet does not come to an end: " + number(left));
            }
            LockSupport.parkNanos(500_000_000L);
        }
    }

    private long number(String query) {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL refused: " + e.getMessage(), e);
        }
    }

    private void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
