package outrider.bench.write.arm;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/// The floor of latency: one row by one prepared INSERT with its commit. Of a report it writes the first insight only.
public final class SingleInsertArm implements Arm {
    private final Connection connection;
    private final PreparedStatement insert;

    public SingleInsertArm(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
        insert = connection.prepareStatement(Statements.INSERT);
    }

    @Override
    public String name() {
        return "single INSERT (floor)";
    }

    @Override
    public String settings() {
        return "prepared, autocommit, one row into " + RivalTable.INSIGHT;
    }

    @Override
    public void write(List<Batch> reports) throws SQLException {
        for (var report : reports) {
            Statements.bind(insert, report, report.rows().findFirst().orElseThrow());
            insert.executeUpdate();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
