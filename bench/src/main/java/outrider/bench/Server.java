package outrider.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import outrider.embedded.EmbeddedDatabase;

/// The one PostgreSQL of a run, safe against a power cut, on an empty directory that goes when it is closed.
public final class Server implements AutoCloseable {

    /// Room in memory and log as a database of this size is given; all else is as it comes.
    private static final Map<String, String> ROOM = Map.of(
            "shared_buffers", "1GB",
            "max_wal_size", "8GB",
            "checkpoint_timeout", "30min",
            "full_page_writes", "on",
            "jit", "off");

    private static final Map<String, String> SAFE =
            Map.of("fsync", "on", "full_page_writes", "on", "synchronous_commit", "on");

    private final Path data;
    private final EmbeddedDatabase database;

    private Server(Path data, EmbeddedDatabase database) {
        this.data = data;
        this.database = database;
    }

    /// Starts it.
    public static Server start() throws IOException {
        return start(Map.of());
    }

    /// Starts it.
    ///
    /// @param settings of PostgreSQL, besides the usual ones
    public static Server start(Map<String, String> settings) throws IOException {
        var data = Files.createTempDirectory("outrider-bench-");
        var all = new HashMap<>(ROOM);
        all.putAll(settings);
        return new Server(data, EmbeddedDatabase.start(data, 0, all));
    }

    /// Where it listens.
    public int port() {
        return database.port();
    }

    /// The processor time that all its processes together have taken, in nanoseconds; 0 where the system does not
    /// tell.
    public long processorTime() throws IOException {
        long postmaster;
        try (var lines = Files.lines(data.resolve("cluster/postmaster.pid"))) {
            postmaster = Long.parseLong(lines.findFirst().orElseThrow().strip());
        }
        return ProcessHandle.of(postmaster).stream()
                .flatMap(ProcessHandle::descendants)
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .mapToLong(Duration::toNanos)
                .sum();
    }

    /// Makes an empty database.
    ///
    /// @return its address
    public String create(String name) {
        return database.createDatabase(name);
    }

    /// The same database through another port.
    public String through(int port, String url) {
        return url.replace(":%d/".formatted(port()), ":%d/".formatted(port));
    }

    /// Prints what holds for every figure.
    ///
    /// @throws BenchException if a power cut could lose what was acknowledged
    public void describe(PrintStream out) throws SQLException {
        try (var connection = DriverManager.getConnection(database.jdbcUrl())) {
            for (var safe : SAFE.entrySet()) {
                String actual = show(connection, safe.getKey());
                if (!actual.equals(safe.getValue())) {
                    throw new BenchException(
                            "%s is %s and must be %s".formatted(safe.getKey(), actual, safe.getValue()));
                }
            }
            out.printf(
                    "PostgreSQL %s: fsync, full_page_writes and synchronous_commit on, wal_sync_method %s,"
                            + " data_checksums %s, shared_buffers %s, max_wal_size %s, jit off%n",
                    show(connection, "server_version"),
                    show(connection, "wal_sync_method"),
                    show(connection, "data_checksums"),
                    show(connection, "shared_buffers"),
                    show(connection, "max_wal_size"));
        }
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("show " + setting)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        database.close();
        try (var files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
