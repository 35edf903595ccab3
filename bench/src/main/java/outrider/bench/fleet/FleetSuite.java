package outrider.bench.fleet;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import outrider.bench.Asked;
import outrider.bench.BenchException;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Spread;
import outrider.bench.Table;

/// The suite `fleet`: how many scans a second go from due to a row in the database, and what each costs where.
public final class FleetSuite {

    private static final int PERMITS = 1_000;

    private final int assets;
    private final int seconds;
    private final int repetitions;
    private final PrintStream out;

    /// @param full longer, and more often
    public FleetSuite(boolean full, PrintStream out) {
        this.assets = Asked.smoke() ? 2_000 : 150_000;
        this.seconds = Asked.smoke() ? 1 : full ? 60 : 20;
        this.repetitions = Asked.repetitions(Asked.smoke() ? 1 : full ? 5 : 3);
        this.out = out;
    }

    /// One measured window.
    ///
    /// @param costs microseconds of processor time a scan, by part
    private record Window(double perSecond, Map<String, Double> costs) {}

    public Figures run() throws IOException {
        var windows = new ArrayList<Window>();
        try (var fleet = new Fleet(PERMITS);
                var scopes = new FleetScopes(fleet.url())) {
            Progress.say("first scans of %,d assets".formatted(assets));
            scopes.fill(assets);
            scopes.awaitReported(assets);
            for (var repetition = 1; repetition <= repetitions; repetition++) {
                Progress.say("scans again, repetition " + repetition);
                scopes.makeDue();
                pause(5);
                windows.add(window(fleet, scopes));
                scopes.awaitQuiet();
            }
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL refused: " + e.getMessage(), e);
        }
        return figures(windows);
    }

    private Window window(Fleet fleet, FleetScopes scopes) throws IOException {
        var before = fleet.processorTimes();
        var scansBefore = scopes.scans();
        var begin = System.nanoTime();
        pause(seconds);
        var scans = scopes.scans() - scansBefore;
        var nanos = System.nanoTime() - begin;
        var costs = new LinkedHashMap<String, Double>();
        fleet.processorTimes()
                .forEach((part, time) -> costs.put(part, (time - before.getOrDefault(part, 0L)) / 1e3 / scans));
        return new Window(scans * 1e9 / nanos, costs);
    }

    private Figures figures(List<Window> windows) {
        var figures = new Figures();
        var rates = Spread.of(windows.stream().map(Window::perSecond).toList());
        figures.put("scans_per_s", rates.median());
        var total = Spread.of(windows.stream()
                .map(window -> window.costs().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .toList());
        figures.put("cpu_us_per_scan", total.median());
        var table = new Table("The fleet", "part", "CPU µs per scan", "range")
                .note(
                        "%s scans a second (%s), re-scans of %,d assets, 5 insights each, 1 in 20 changed; %d permits, 30 partitions, one replica of each."
                                .formatted(rates.middle(), rates.range(), assets, PERMITS));
        for (var part : windows.getFirst().costs().keySet()) {
            var cost = Spread.of(windows.stream()
                    .map(window -> window.costs().getOrDefault(part, Double.NaN))
                    .toList());
            figures.put("cpu_us_per_scan_" + part, cost.median());
            table.row(part, cost.middle(), cost.range());
        }
        table.row("total", total.middle(), total.range());
        table.print(out);
        return figures;
    }

    private static void pause(int seconds) {
        LockSupport.parkNanos(seconds * 1_000_000_000L);
    }
}
