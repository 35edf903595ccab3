package outrider.bench.write;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import outrider.bench.Server;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;

/// What the workloads of one run share.
///
/// @param url a database whose tables every workload empties before it begins
/// @param out where the tables go
record Rig(Server server, String url, PrintStream out, int repetitions) {

    /// How long the arm takes to write the reports, in milliseconds.
    static double millis(Arm arm, List<Batch> reports) throws SQLException {
        long begin = System.nanoTime();
        arm.write(reports);
        return (System.nanoTime() - begin) / 1e6;
    }
}
