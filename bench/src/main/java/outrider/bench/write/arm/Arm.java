package outrider.bench.write.arm;

import java.sql.SQLException;
import java.util.List;

/// A way to write reports, with connections of its own that stay open.
public interface Arm extends AutoCloseable {
    String name();

    /// What it was given, for the table.
    String settings();

    /// Writes the reports; returns when the database says that they are safe.
    void write(List<Batch> reports) throws SQLException;

    @Override
    void close() throws SQLException;
}
