package outrider.bench.write.arm;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/// COPY into a temporary table made for each call, then an upsert from there.
public final class CopyTempArm extends Rival {

    public CopyTempArm(String url, boolean promises) throws SQLException {
        super(url, promises);
    }

    @Override
    String way() {
        return "COPY to a temp table";
    }

    @Override
    public String settings() {
        return "binary, a temp table and a transaction a report";
    }

    @Override
    void upsert(Connection connection, Batch report) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("create temp table incoming on commit drop as select %s from %s with no data"
                    .formatted(RivalTable.ALL, RivalTable.INSIGHT));
            BinaryRows.send(
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn("copy incoming from stdin (format binary)"),
                    report);
            statement.execute(
                    "insert into %s (%s) select * from incoming ".formatted(RivalTable.INSIGHT, RivalTable.ALL)
                            + RivalTable.OVERWRITE);
        }
    }
}
