package outrider.bench.fleet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import outrider.bench.BenchException;
import outrider.bench.ChildJvm;
import outrider.bench.write.arm.RivalTable;
import outrider.insight.Confidence;
import outrider.insight.InsightHash;
import outrider.scan.FoundInsight;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;
import outrider.scan.Wire;

/// The API of a rival design, in a JVM of its own: takes the lines that ours takes, checks nothing and nobody, and
/// writes each insight over what is there. It keeps no history and resolves nothing.
final class RivalApi {

    /// One for each consumer of the original design, so that none waits for another.
    private static final int CONNECTIONS = 30;

    private static final String ROW =
            "insert into %s (%s) values (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?::jsonb, ?, ?, ?)"
                            .formatted(RivalTable.INSIGHT, RivalTable.ALL)
                    + RivalTable.OVERWRITE;

    private static final String ROWS = """
            insert into %s (%s)
            select account_id, scope_id, key, content_hash, severity, firm, 'open', check_id, subject, detail, title, evidence::jsonb, at, at, seq
              from unnest(?::uuid[], ?::int8[], ?::uuid[], ?::uuid[], ?::int[], ?::bool[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::int8[])
                as new (account_id, scope_id, key, content_hash, severity, firm, check_id, subject, detail, title, evidence, at, seq)
            """.formatted(RivalTable.INSIGHT, RivalTable.ALL) + RivalTable.OVERWRITE;

    private RivalApi() {}

    /// An insight and whose it is.
    private record Row(ReportHeader report, FoundInsight insight) {

        /// As [FleetScopes] numbers it.
        long scope() {
            return report.assetId().getLeastSignificantBits();
        }

        OffsetDateTime at() {
            return report.finishedAt().atOffset(ZoneOffset.UTC);
        }
    }

    /// A column: its SQL type and what it holds.
    private record Column(String type, Function<Row, Object> value) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("uuid", row -> row.report().accountId()),
            new Column("int8", Row::scope),
            new Column("uuid", row -> InsightHash.key(row.insight())),
            new Column("uuid", row -> InsightHash.content(row.insight())),
            new Column("int4", row -> row.insight().severity().ordinal()),
            new Column("bool", row -> row.insight().confidence() == Confidence.FIRM),
            new Column("text", row -> row.insight().check().value()),
            new Column("text", row -> row.insight().subject()),
            new Column("text", row -> row.insight().detail()),
            new Column("text", row -> row.insight().title()),
            new Column("text", row -> Wire.JSON.writeValueAsString(row.insight().evidence())),
            new Column("timestamptz", Row::at),
            new Column("int8", row -> row.report().sequence()));

    /// The arguments: the design and the database. Answers its port.
    static void main(String[] arguments) throws IOException {
        // Else each answer may wait for 40 ms: the server's sockets keep Nagle's algorithm.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var settings = new HikariConfig();
        settings.setJdbcUrl(arguments[1]);
        settings.setMaximumPoolSize(CONNECTIONS);
        var byRow = Design.valueOf(arguments[0]) == Design.ORIGINAL;
        try (var pool = new HikariDataSource(settings)) {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/v1/reports", exchange -> answer(exchange, pool, byRow));
            server.start();
            ChildJvm.answer(server.getAddress().getPort());
            ChildJvm.awaitEnd();
        }
        System.exit(0);
    }

    private static void answer(HttpExchange exchange, HikariDataSource pool, boolean byRow) throws IOException {
        try (exchange) {
            var rows = read(exchange);
            try (var connection = pool.getConnection()) {
                if (byRow) {
                    writeEach(connection, rows);
                } else {
                    writeAll(connection, rows);
                }
            }
            exchange.sendResponseHeaders(204, -1);
        } catch (SQLException | RuntimeException e) {
            throw new BenchException("a rival's API failed", e);
        }
    }

    private static List<Row> read(HttpExchange exchange) throws IOException {
        var reader = Wire.JSON.readerFor(ReportLine.class);
        var rows = new ArrayList<Row>();
        try (var lines = new BufferedReader(new InputStreamReader(exchange.getRequestBody(), StandardCharsets.UTF_8))) {
            @Nullable ReportHeader report = null;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                ReportLine read = reader.readValue(line);
                if (read instanceof ReportHeader header) {
                    report = header;
                } else if (read instanceof FoundInsight insight && report != null) {
                    rows.add(new Row(report, insight));
                }
            }
        }
        return rows;
    }

    /// A round trip a row, all in one transaction.
    private static void writeEach(Connection connection, List<Row> rows) throws SQLException {
        connection.setAutoCommit(false);
        try (var upsert = connection.prepareStatement(ROW)) {
            for (var row : rows) {
                var place = 0;
                for (var column : COLUMNS) {
                    upsert.setObject(++place, column.value().apply(row));
                    if (column.type().equals("timestamptz")) {
                        upsert.setObject(++place, column.value().apply(row));
                    }
                }
                upsert.executeUpdate();
            }
        }
        connection.commit();
    }

    /// All in one statement.
    private static void writeAll(Connection connection, List<Row> rows) throws SQLException {
        try (var upsert = connection.prepareStatement(ROWS)) {
            bind(connection, upsert, rows);
            upsert.executeUpdate();
        }
    }

    private static void bind(Connection connection, PreparedStatement upsert, List<Row> rows) throws SQLException {
        var place = 0;
        for (var column : COLUMNS) {
            var values = rows.stream().map(column.value()).toArray();
            upsert.setArray(++place, connection.createArrayOf(column.type(), values));
        }
    }
}
