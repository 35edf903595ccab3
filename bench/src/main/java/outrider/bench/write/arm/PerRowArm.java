package outrider.bench.write.arm;

import java.sql.Connection;
import java.sql.SQLException;

/// One upsert per row, each in a transaction of its own: the original design.
public final class PerRowArm extends Rival {

    public PerRowArm(String url, boolean promises) throws SQLException {
        super(url, promises);
    }

    @Override
    String way() {
        return "upsert per row";
    }

    @Override
    public String settings() {
        return "prepared, a round trip a row, autocommit unless it promises more";
    }

    @Override
    boolean needsTransaction() {
        return false;
    }

    @Override
    void upsert(Connection connection, Batch report) throws SQLException {
        try (var upsert = connection.prepareStatement(Statements.UPSERT)) {
            var rows = report.rows().iterator();
            while (rows.hasNext()) {
                Statements.bind(upsert, report, rows.next());
                upsert.executeUpdate();
            }
        }
    }
}
