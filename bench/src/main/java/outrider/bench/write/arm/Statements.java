package outrider.bench.write.arm;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import outrider.insight.Confidence;
import outrider.scan.Wire;

/// What the rivals with a statement a row have in common.
final class Statements {
    static final String INSERT = "insert into %s (%s) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?)"
            .formatted(RivalTable.INSIGHT, RivalTable.ALL);

    static final String UPSERT = INSERT + RivalTable.OVERWRITE;

    private Statements() {}

    static void bind(PreparedStatement statement, Batch report, Batch.Row row) throws SQLException {
        var insight = row.insight();
        var at = report.at().atOffset(ZoneOffset.UTC);
        statement.setObject(1, report.scope().account());
        statement.setLong(2, report.scope().number());
        statement.setObject(3, row.key());
        statement.setObject(4, row.content());
        statement.setInt(5, insight.severity().ordinal());
        statement.setBoolean(6, insight.confidence() == Confidence.FIRM);
        statement.setString(7, "open");
        statement.setString(8, insight.check().value());
        statement.setString(9, insight.subject());
        statement.setString(10, insight.detail());
        statement.setString(11, insight.title());
        statement.setString(12, Wire.JSON.writeValueAsString(insight.evidence()));
        statement.setObject(13, at);
        statement.setObject(14, at);
        statement.setLong(15, report.sequence());
    }
}
