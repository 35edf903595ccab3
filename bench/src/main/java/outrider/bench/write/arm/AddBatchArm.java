package outrider.bench.write.arm;

import java.sql.Connection;
import java.sql.SQLException;

/// JDBC batches that the driver rewrites to statements of many rows.
public final class AddBatchArm extends Rival {
    private static final int SIZE = 1_000;

    public AddBatchArm(String url, boolean promises) throws SQLException {
        super(url + "&reWriteBatchedInserts=true", promises);
    }

    @Override
    String way() {
        return "addBatch, rewritten";
    }

    @Override
    public String settings() {
        return "reWriteBatchedInserts, batches of %d, a transaction a report".formatted(SIZE);
    }

    @Override
    void upsert(Connection connection, Batch report) throws SQLException {
        try (var upsert = connection.prepareStatement(Statements.UPSERT)) {
            var rows = report.rows().iterator();
            for (int waiting = 1; rows.hasNext(); waiting++) {
                Statements.bind(upsert, report, rows.next());
                upsert.addBatch();
                if (waiting % SIZE == 0 || !rows.hasNext()) {
                    upsert.executeBatch();
                }
            }
        }
    }
}
