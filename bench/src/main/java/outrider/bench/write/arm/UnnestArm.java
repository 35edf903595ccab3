package outrider.bench.write.arm;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import outrider.insight.Confidence;
import outrider.scan.Wire;

/// `insert … select from unnest(arrays) on conflict do update`, without a look at what is there.
public final class UnnestArm extends Rival {
    /// Rows a statement: half a million in arrays would be a message of hundreds of megabytes.
    private static final int SIZE = 10_000;

    private static final String UPSERT = """
            insert into %s (%s)
            select ?, ?, key, content_hash, severity, firm, 'open', check_id, subject, detail, title, evidence::jsonb, at, at, ?
              from unnest(?::uuid[], ?::uuid[], ?::int[], ?::bool[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                as new (key, content_hash, severity, firm, check_id, subject, detail, title, evidence)
             cross join (select ?::timestamptz as at) t
            """.formatted(RivalTable.INSIGHT, RivalTable.ALL) + RivalTable.OVERWRITE;

    public UnnestArm(String url, boolean promises) throws SQLException {
        super(url, promises);
    }

    @Override
    String way() {
        return "unnest, do update";
    }

    @Override
    public String settings() {
        return "arrays of up to %,d rows, a transaction a report".formatted(SIZE);
    }

    @Override
    void upsert(Connection connection, Batch report) throws SQLException {
        try (var upsert = connection.prepareStatement(UPSERT)) {
            var waiting = new ArrayList<Batch.Row>();
            var rows = report.rows().iterator();
            while (rows.hasNext()) {
                waiting.add(rows.next());
                if (waiting.size() == SIZE || !rows.hasNext()) {
                    bind(connection, upsert, report, waiting);
                    upsert.executeUpdate();
                    waiting.clear();
                }
            }
        }
    }

    private static void bind(Connection connection, PreparedStatement upsert, Batch report, List<Batch.Row> rows)
            throws SQLException {
        upsert.setObject(1, report.scope().account());
        upsert.setLong(2, report.scope().number());
        upsert.setLong(3, report.sequence());
        array(connection, upsert, 4, "uuid", rows, Batch.Row::key);
        array(connection, upsert, 5, "uuid", rows, Batch.Row::content);
        array(
                connection,
                upsert,
                6,
                "int4",
                rows,
                row -> row.insight().severity().ordinal());
        array(connection, upsert, 7, "bool", rows, row -> row.insight().confidence() == Confidence.FIRM);
        array(connection, upsert, 8, "text", rows, row -> row.insight().check().value());
        array(connection, upsert, 9, "text", rows, row -> row.insight().subject());
        array(connection, upsert, 10, "text", rows, row -> row.insight().detail());
        array(connection, upsert, 11, "text", rows, row -> row.insight().title());
        array(
                connection,
                upsert,
                12,
                "text",
                rows,
                row -> Wire.JSON.writeValueAsString(row.insight().evidence()));
        upsert.setObject(13, Statements.at(report));
    }

    private static void array(
            Connection connection,
            PreparedStatement upsert,
            int place,
            String type,
            List<Batch.Row> rows,
            Function<Batch.Row, Object> column)
            throws SQLException {
        upsert.setArray(
                place, connection.createArrayOf(type, rows.stream().map(column).toArray()));
    }
}
