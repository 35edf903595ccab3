package outrider.insights.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import outrider.embedded.EmbeddedDatabase;
import outrider.embedded.FreePort;
import outrider.embedded.TestDatabase;
import outrider.insights.TestInsights;

/// A primary with the schema of this module, and a hot standby that follows it over streaming replication.
final class Standby implements AutoCloseable {

    final EmbeddedDatabase primary;
    final EmbeddedDatabase standby;

    Standby(Path directory) throws Exception {
        TestDatabase.shared(); // servers share the binaries of the first; those must not lie in a directory that goes
        var first = directory.resolve("first");
        var second = directory.resolve("second");
        var port = FreePort.find();
        try (var cold = EmbeddedDatabase.start(first, port)) {
            ((AutoCloseable) TestInsights.migrated(cold.createDatabase("outrider"))).close();
        }
        copy(first.resolve("cluster"), second.resolve("cluster"));
        Files.createFile(second.resolve("cluster").resolve("standby.signal"));
        Files.writeString(
                second.resolve("cluster").resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'%n".formatted(port),
                StandardOpenOption.APPEND);
        primary = EmbeddedDatabase.start(first, port);
        standby = EmbeddedDatabase.start(second, 0);
    }

    /// The address of both, the standby first.
    String url() {
        return "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/outrider?user=postgres"
                .formatted(standby.port(), primary.port());
    }

    /// Asks one server, whether it takes writes or not.
    static String ask(EmbeddedDatabase server, String sql) {
        try (var connection = DriverManager.getConnection(server.jdbcUrl("outrider"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void primaryTakesWrites(boolean writes) {
        try (var connection = DriverManager.getConnection(primary.jdbcUrl());
                var statement = connection.createStatement()) {
            statement.execute("alter system set default_transaction_read_only = " + !writes);
            statement.execute("select pg_reload_conf()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        standby.close();
        primary.close();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                if (!file.endsWith("epg-lock")) {
                    Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
