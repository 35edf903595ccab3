package outrider.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Consumer;

/// A primary, and a hot standby that follows it over streaming replication.
public final class PrimaryAndStandby implements AutoCloseable {

    private final Path first;
    private final String database;
    private final EmbeddedDatabase primary;
    private final EmbeddedDatabase standby;

    /// @param database the one that is there from the beginning
    /// @param prepare is given its address before the copy is made
    /// @param settings of the primary only
    public PrimaryAndStandby(Path directory, String database, Consumer<String> prepare, Map<String, String> settings) {
        TestDatabase.shared(); // servers share the binaries of the first; those must not lie in a directory that goes
        this.database = database;
        this.first = directory.resolve("first");
        var second = directory.resolve("second");
        var port = FreePort.find();
        try (var cold = EmbeddedDatabase.start(first, port)) {
            prepare.accept(cold.createDatabase(database));
        }
        try {
            copy(first.resolve("cluster"), second.resolve("cluster"));
            Files.createFile(second.resolve("cluster").resolve("standby.signal"));
            Files.writeString(
                    second.resolve("cluster").resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'%n".formatted(port),
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        primary = EmbeddedDatabase.start(first, port, settings);
        standby = EmbeddedDatabase.start(second, 0);
    }

    /// The address of both, the standby first.
    public String url() {
        return "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s?user=postgres"
                .formatted(standby.port(), primary.port(), database);
    }

    public EmbeddedDatabase primary() {
        return primary;
    }

    public EmbeddedDatabase standby() {
        return standby;
    }

    /// Asks one server, whether it takes writes or not.
    public String ask(EmbeddedDatabase server, String sql) {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(database));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Has the primary take writes, or refuse them.
    public void primaryTakesWrites(boolean writes) {
        try (var connection = DriverManager.getConnection(primary.jdbcUrl());
                var statement = connection.createStatement()) {
            statement.execute("alter system set default_transaction_read_only = " + !writes);
            statement.execute("select pg_reload_conf()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Kills the primary with -9, and makes the standby the primary.
    public void failOver() {
        try {
            var pid =
                    Files.readAllLines(first.resolve("cluster/postmaster.pid")).getFirst();
            ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(postmaster -> {
                postmaster.destroyForcibly();
                postmaster.onExit().join();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ask(standby, "select pg_promote()");
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
