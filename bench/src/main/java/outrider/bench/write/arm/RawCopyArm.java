package outrider.bench.write.arm;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;

/// The ceiling: binary COPY straight into a table with the same indexes. It knows no second report.
public final class RawCopyArm implements Arm {
    private final Connection connection;

    public RawCopyArm(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
    }

    @Override
    public String name() {
        return "raw COPY (ceiling)";
    }

    @Override
    public String settings() {
        return "binary, one connection, a transaction a report, into %s".formatted(RivalTable.INSIGHT);
    }

    @Override
    public void write(List<Batch> reports) throws SQLException {
        for (var report : reports) {
            BinaryRows.send(
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn("copy %s (%s) from stdin (format binary)"
                                    .formatted(RivalTable.INSIGHT, RivalTable.ALL)),
                    report);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
