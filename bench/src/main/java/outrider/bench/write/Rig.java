package outrider.bench.write;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;

/// What the workloads of one run share.
///
/// @param url a database whose tables every workload empties before it begins
/// @param out where the tables go
record Rig(Server server, String url, PrintStream out, int repetitions) {

    /// How long the arm takes for that, in milliseconds.
    static double millis(Arm arm, Batch... reports) throws SQLException {
        var all = List.of(reports);
        long begin = System.nanoTime();
        arm.write(all);
        return (System.nanoTime() - begin) / 1e6;
    }
}
