package outrider.bench.write.arm;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/// Nothing but the way to the database and back: `select 1` instead of each report.
public final class RoundTripArm implements Arm {
    private final Connection connection;
    private final PreparedStatement select;

    public RoundTripArm(String url) throws SQLException {
        connection = DriverManager.getConnection(url);
        select = connection.prepareStatement("select 1");
    }

    @Override
    public String name() {
        return "round trip";
    }

    @Override
    public String settings() {
        return "select 1, prepared";
    }

    @Override
    public void write(List<Batch> reports) throws SQLException {
        for (int count = reports.size(); count > 0; count--) {
            select.executeQuery().close();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
