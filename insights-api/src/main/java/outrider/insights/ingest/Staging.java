package outrider.insights.ingest;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.stereotype.Component;
import outrider.web.ProblemException;

/// The slots for large reports, and the few connections they have to themselves.
///
/// A slot is emptied behind the answer: by `delete` and `vacuum`, which leave the catalogs alone, where
/// `truncate` would write to them.
@Component
final class Staging implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Staging.class);

    private final HikariDataSource pool;
    private final Threshold threshold;

    Staging(DataSource source, IngestProperties properties, Threshold threshold) throws SQLException {
        this.threshold = threshold;
        var config = new HikariConfig();
        source.unwrap(HikariDataSource.class).copyStateTo(config);
        config.setPoolName("insights-large");
        config.setMaximumPoolSize(properties.copy().connections());
        config.setMinimumIdle(0);
        config.setConnectionTimeout(properties.copy().patience().toMillis());
        config.setInitializationFailTimeout(-1);
        // A copy is one statement for as long as its rows come, and so is the merge of half a million.
        config.addDataSourceProperty("socketTimeout", "600");
        config.addDataSourceProperty("options", "-c statement_timeout=10min -c jit=off");
        pool = new HikariDataSource(config);
    }

    /// Leases a slot and begins to copy into it.
    ///
    /// @throws ProblemException 503 if every slot is leased
    Stage lease() {
        var begin = System.nanoTime();
        try {
            var connection = pool.getConnection();
            try {
                connection.setAutoCommit(true);
                return new Stage(this, connection, slot(connection), begin);
            } catch (SQLException | RuntimeException e) {
                pool.evictConnection(connection);
                throw e;
            }
        } catch (SQLException e) {
            throw new CannotGetJdbcConnectionException("No connection for a large report", e);
        }
    }

    /// Empties a slot whose transaction is over, unlocks it and frees its connection, while nobody waits.
    void giveBack(Connection connection, int slot) {
        Thread.ofVirtual().name("empty-stage-" + slot).start(() -> {
            try (var statement = connection.createStatement()) {
                connection.setAutoCommit(true);
                statement.execute("delete from insights.stage_%d".formatted(slot));
                vacuum(statement, slot);
                statement.execute("select pg_advisory_unlock(4242, %d)".formatted(slot));
                connection.close();
            } catch (SQLException e) {
                giveUp(connection, slot, e);
            }
        });
    }

    /// What anybody may still see stays where it is: a moment later nobody does.
    private static void vacuum(Statement statement, int slot) throws SQLException {
        for (var tries = 0; tries < 20; tries++) {
            statement.execute("vacuum insights.stage_%d".formatted(slot));
            try (var size = statement.executeQuery("select pg_relation_size('insights.stage_%d')".formatted(slot))) {
                if (size.next() && size.getLong(1) == 0) {
                    return;
                }
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /// Ends the session of a slot, and with it the lease; whoever leases it next empties it.
    void giveUp(Connection connection, int slot, SQLException trouble) {
        LOG.warn("The connection of slot {} for large reports is given up: {}", slot, trouble.getMessage());
        pool.evictConnection(connection);
    }

    @Override
    public void close() {
        pool.close();
    }

    private int slot(Connection connection) throws SQLException {
        var begin = System.nanoTime();
        try (var statement = connection.createStatement();
                var leased = statement.executeQuery("select insights.lease_stage()")) {
            leased.next();
            threshold.measuredRoundTrip(System.nanoTime() - begin);
            var slot = leased.getInt(1);
            if (leased.wasNull()) {
                throw ProblemException.unavailable(
                        Duration.ofSeconds(2), "Large reports take all slots; send it again a little later.");
            }
            return slot;
        }
    }
}
