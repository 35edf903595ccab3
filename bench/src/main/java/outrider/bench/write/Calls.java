package outrider.bench.write;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import outrider.bench.Spread;
import outrider.bench.write.arm.Arm;
import outrider.bench.write.arm.Batch;

/// Short calls of several kinds, dealt out in small blocks in turn, so that what else the machine does meets all alike.
final class Calls {
    private final SequencedMap<String, Call> kinds = new LinkedHashMap<>();

    private record Call(Arm arm, Supplier<List<Batch>> reports, int perBlock) {}

    /// @param reports makes what the next call writes, before it is timed
    Calls kind(String name, Arm arm, int perBlock, Supplier<List<Batch>> reports) {
        kinds.put(name, new Call(arm, reports, perBlock));
        return this;
    }

    /// Adds the median time of a call of each kind, in milliseconds.
    void measure(int blocks, Samples<String> medians) throws SQLException {
        var millis = new LinkedHashMap<String, List<Double>>();
        for (int block = 0; block < blocks; block++) {
            for (var kind : kinds.entrySet()) {
                var all = millis.computeIfAbsent(kind.getKey(), k -> new ArrayList<>());
                var call = kind.getValue();
                for (var reports :
                        Stream.generate(call.reports()).limit(call.perBlock()).toList()) {
                    all.add(Rig.millis(call.arm(), reports));
                }
            }
        }
        millis.forEach((name, all) -> medians.add(name, Spread.of(all).median()));
    }
}
