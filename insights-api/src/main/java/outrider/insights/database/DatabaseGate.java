package outrider.insights.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// The gate before the pool: at most so many connections are out for reports, and so many for everything else, and
/// nobody waits longer for one than a moment.
///
/// The two shares make up the pool, so the pool itself, which would let its callers queue for 250 ms at the
/// least, never has anybody waiting for what another holds.
final class DatabaseGate extends DelegatingDataSource {

    /// What a lost answer may take longer than the database was told to work.
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Duration maxWait;
    private final Share reports;
    private final Share others;
    private final DatabaseMetrics metrics;

    /// @param connections how many the pool has
    DatabaseGate(DataSource pool, int connections, DatabaseProperties properties, DatabaseMetrics metrics) {
        super(pool);
        if (properties.reportConnections() >= connections) {
            throw new IllegalArgumentException(
                    "outrider.database.report-connections must leave some of the %d of spring.datasource.hikari.maximum-pool-size, not take %d"
                            .formatted(connections, properties.reportConnections()));
        }
        this.maxWait = properties.maxWait();
        this.reports = new Share("reports", properties.reportConnections());
        this.others = new Share("others", connections - properties.reportConnections());
        this.metrics = metrics;
        metrics.watch(reports.name, reports.size, reports.free);
        metrics.watch(others.name, others.size, others.free);
    }

    @Override
    public Connection getConnection() throws SQLException {
        var use = DatabaseUse.current();
        var share = use == null ? others : reports;
        var started = System.nanoTime();
        if (use != null && !use.left().isPositive()) {
            throw new SQLTimeoutException("the budget was used up before a connection was asked for");
        }
        try {
            take(share, use);
            return open(share, use);
        } finally {
            if (use != null) {
                use.addWait(System.nanoTime() - started);
            }
        }
    }

    @Override
    public Connection getConnection(String username, String password) {
        throw new UnsupportedOperationException("the pool knows one user");
    }

    private void take(Share share, @Nullable DatabaseUse use) throws SQLException {
        var wait = use == null || maxWait.compareTo(use.left()) < 0 ? maxWait : use.left();
        try {
            if (!share.free.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                metrics.refused(share.name);
                throw new SQLTransientConnectionException(
                        "all %d connections for %s are in use".formatted(share.size, share.name));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted while waiting for a connection", e);
        }
    }

    private Connection open(Share share, @Nullable DatabaseUse use) throws SQLException {
        Connection connection = null;
        try {
            connection = super.getConnection();
            if (use != null) {
                // A database that has fallen silent holds the connection no longer than the budget; the pool resets it.
                connection.setNetworkTimeout(
                        Runnable::run, Math.toIntExact(use.left().plus(GRACE).toMillis()));
            }
            return GatedConnection.of(connection, share.free::release, use);
        } catch (SQLException | RuntimeException e) {
            share.free.release();
            if (connection != null) {
                connection.close();
            }
            throw e;
        }
    }

    private static final class Share {

        private final String name;
        private final int size;
        private final Semaphore free;

        Share(String name, int size) {
            this.name = name;
            this.size = size;
            this.free = new Semaphore(size, true);
        }
    }
}
