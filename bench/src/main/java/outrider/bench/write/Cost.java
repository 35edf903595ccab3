package outrider.bench.write;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.List;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;

/// What one write took.
///
/// @param client processor seconds of this process
/// @param server processor seconds of PostgreSQL, its background processes included; 0 where the system does not tell
/// @param log bytes of write-ahead log
record Cost(double seconds, double client, double server, long log) {

    static Cost of(Rig rig, Keeper keeper, Arm arm, Batch report) throws SQLException, IOException {
        keeper.settle();
        System.gc();
        long log = keeper.log();
        long server = rig.server().processorTime();
        long client = clientTime();
        double seconds = Rig.millis(arm, List.of(report)) / 1e3;
        return new Cost(
                seconds,
                (clientTime() - client) / 1e9,
                (rig.server().processorTime() - server) / 1e9,
                keeper.log() - log);
    }

    private static long clientTime() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
