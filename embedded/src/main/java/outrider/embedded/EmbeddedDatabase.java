package outrider.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/// A real PostgreSQL beside this JVM, listening on 127.0.0.1 only, either with data that stays or a temporary one.
public final class EmbeddedDatabase implements AutoCloseable {
    private static final String USER = "postgres";

    private final EmbeddedPostgres postgres;

    private EmbeddedDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /// Starts a database whose data stay in the directory; a server that outlived an earlier, killed JVM is stopped
    /// first.
    ///
    /// @param data holds the cluster and the server's own log; created when missing
    /// @param port where clients connect; 0 for a free one
    /// @throws EmbeddedException when the server cannot start; says why
    public static EmbeddedDatabase start(Path data, int port) {
        return start(data, port, Map.of());
    }

    /// The same with settings of the server that differ from the usual ones.
    public static EmbeddedDatabase start(Path data, int port, Map<String, String> settings) {
        QuietLogging.install();
        var cluster = data.resolve("cluster");
        try {
            Files.createDirectories(data);
            // The library opens its working directory to everybody; nobody else gets as far as that.
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
            stopLeftover(data);
            var output = Redirect.to(data.resolve("start.log").toFile());
            var builder = onLoopback(EmbeddedPostgres.builder())
                    .setDataDirectory(cluster)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    // The host may run for months; what sits in the temporary directory may be swept away under it.
                    .setOverrideWorkingDirectory(data.resolve("binaries").toFile())
                    .setPort(port == 0 ? FreePort.find() : port)
                    // After a kill it replays its log before it answers.
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .setOutputRedirector(output)
                    .setErrorRedirector(output)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("timezone", "UTC")
                    .setServerConfig("max_connections", "100")
                    .setServerConfig("logging_collector", "on")
                    .setServerConfig("log_filename", "postgresql-%a.log")
                    .setServerConfig("log_truncate_on_rotation", "on")
                    .setServerConfig("log_rotation_size", "0");
            settings.forEach(builder::setServerConfig);
            return new EmbeddedDatabase(builder.start());
        } catch (IOException | IllegalStateException e) {
            throw new EmbeddedException("PostgreSQL did not start in %s (see start.log there)".formatted(data), e);
        }
    }

    /// Stops the server of the directory that outlived an earlier, killed JVM, if there is one, and so frees its port.
    public static void stopLeftover(Path data) {
        try {
            StalePostmaster.stop(data.resolve("cluster"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts a database for tests: not safe against a power cut, gone at close, in a time zone that is not UTC.
    public static EmbeddedDatabase temporary() {
        QuietLogging.install();
        try {
            var builder = onLoopback(EmbeddedPostgres.builder())
                    .setOutputRedirector(Redirect.DISCARD)
                    .setErrorRedirector(Redirect.DISCARD)
                    .setServerConfig("fsync", "off")
                    .setServerConfig("synchronous_commit", "off")
                    .setServerConfig("full_page_writes", "off")
                    .setServerConfig("timezone", "Asia/Kolkata")
                    .setServerConfig("max_connections", "200");
            return new EmbeddedDatabase(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("A temporary PostgreSQL did not start", e);
        }
    }

    private static EmbeddedPostgres.Builder onLoopback(EmbeddedPostgres.Builder builder) {
        return builder.setServerConfig("listen_addresses", "127.0.0.1").setServerConfig("unix_socket_directories", "");
    }

    /// The port clients connect to.
    public int port() {
        return postgres.getPort();
    }

    /// The one user there is, a superuser without a password.
    public String user() {
        return USER;
    }

    /// The address of the maintenance database `postgres`, user included.
    public String jdbcUrl() {
        return jdbcUrl(USER);
    }

    /// The address of a database, user included; the database need not exist.
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s".formatted(port(), database, USER);
    }

    /// Creates a database unless it exists.
    ///
    /// @param name lower-case letters, digits and underscores
    /// @return its address, as of [#jdbcUrl(String)]
    public String createDatabase(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("a database name has lower-case letters, digits and _, not " + name);
        }
        try (var connection = DriverManager.getConnection(jdbcUrl());
                var statement = connection.createStatement();
                var found = statement.executeQuery("select 1 from pg_database where datname = '%s'".formatted(name))) {
            if (!found.next()) {
                statement.execute("create database " + name);
            }
            return jdbcUrl(name);
        } catch (SQLException e) {
            throw new EmbeddedException("PostgreSQL could not create the database " + name, e);
        }
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
