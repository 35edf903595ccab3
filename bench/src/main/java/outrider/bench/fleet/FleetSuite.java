package outrider.bench.fleet;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import outrider.bench.Asked;
import outrider.bench.BenchException;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.Spread;
import outrider.bench.Table;

/// The suite `fleet`: how many scans a second go from due to a row in the database, and what each costs where; the
/// same with slow scans among them, and with the designs that ours came from.
public final class FleetSuite {

    private static final int PERMITS = 1_000;

    /// How often all assets are scanned by an arm that has just started, before it is measured. The original design
    /// is too slow for that and has an eighth.
    private static final int WARM_UP = 2;

    /// How many scans become due a second while latencies are measured: less than any arm can do.
    private static final int CALM = 300;

    /// An arm that is not through by then is measured by what it has done.
    private static final Duration LONGEST = Duration.ofSeconds(35);

    private final boolean full;
    private final int assets;
    private final int repetitions;
    private final PrintStream out;
    private final Map<Design, Map<Load, List<Window>>> windows = new EnumMap<>(Design.class);
    private final List<Double> calmAlone = new ArrayList<>();
    private final List<Double> calmWithSlow = new ArrayList<>();

    /// @param full longer, and more often
    public FleetSuite(boolean full, PrintStream out) {
        this.full = full;
        this.assets = Asked.smoke() ? 2_000 : full ? 200_000 : 40_000;
        this.repetitions = Asked.repetitions(Asked.smoke() ? 1 : full ? 5 : 3);
        this.out = out;
    }

    /// One measured window.
    ///
    /// @param perSecond fast scans
    /// @param costs microseconds of processor time a fast scan, by part
    private record Window(double perSecond, Map<String, Double> costs) {

        double cost() {
            return costs.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    public Figures run() throws IOException {
        try (var fleet = new Fleet(PERMITS);
                var scopes = new FleetScopes(fleet.url())) {
            Progress.say("first scans of %,d assets".formatted(assets));
            scopes.fill(assets);
            try (var _ = fleet.start(Design.OUTRIDER)) {
                warm(scopes, 1);
            }
            scopes.fillRivals();
            for (var repetition = 1; repetition <= repetitions; repetition++) {
                Progress.say("repetition " + repetition);
                measureOurs(fleet, scopes);
                measureRival(fleet, scopes, Design.ARTICLE);
                measureRival(fleet, scopes, Design.ORIGINAL);
            }
        } catch (SQLException e) {
            throw new BenchException("PostgreSQL refused: " + e.getMessage(), e);
        }
        return figures();
    }

    private void measureOurs(Fleet fleet, FleetScopes scopes) throws IOException, SQLException {
        try (var arm = fleet.start(Design.OUTRIDER)) {
            warm(scopes, WARM_UP);
            measure(Design.OUTRIDER, arm, scopes, Load.FAST);
            if (Asked.wanted("calm")) {
                calmAlone.add(calm(scopes, Load.FAST));
                calmWithSlow.add(calm(scopes, Load.SLOW_STAMPED));
            }
            if (Asked.wanted("slow")) {
                measure(Design.OUTRIDER, arm, scopes, Load.SLOW_STAMPED);
                measure(Design.OUTRIDER, arm, scopes, Load.SLOW_MISJUDGED);
            }
        }
        fleet.purge();
        scopes.abandon();
    }

    private void measureRival(Fleet fleet, FleetScopes scopes, Design design) throws IOException, SQLException {
        if (!Asked.wanted("rivals")) {
            return;
        }
        try (var arm = fleet.start(design)) {
            warm(scopes, design == Design.ORIGINAL ? WARM_UP / 8.0 : WARM_UP);
            measure(design, arm, scopes, Load.FAST);
            scopes.abandon();
            fleet.purge();
            measure(design, arm, scopes, Load.SLOW_MISJUDGED);
        }
        fleet.purge();
        scopes.abandon();
    }

    /// Enough scans for the JVMs to have compiled what they need.
    ///
    /// @param times how often all assets are scanned
    private void warm(FleetScopes scopes, double times) throws SQLException {
        for (var left = times; left > 0; left--) {
            scopes.makeDue(Load.FAST, (int) (assets * Math.min(1, left)), 0);
            scopes.awaitQuiet();
        }
    }

    private void measure(Design design, Fleet.Arm arm, FleetScopes scopes, Load load) throws IOException, SQLException {
        Progress.say("%s, %s".formatted(design.title, load));
        scopes.settle();
        profile(scopes, false);
        var before = arm.processorTimes();
        var begin = scopes.makeDue(load, assets / 2, 0);
        var progress = scopes.awaitFast(begin, begin.plus(LONGEST));
        var costs = new LinkedHashMap<String, Double>();
        for (var part : arm.processorTimes().entrySet()) {
            costs.put(
                    part.getKey(),
                    (part.getValue() - before.getOrDefault(part.getKey(), 0L)) / 1e3 / progress.reported());
        }
        if (progress.last() == null) {
            throw new BenchException("%s reported nothing within %s".formatted(design.title, LONGEST));
        }
        var took = Duration.between(begin, progress.last());
        var window = new Window(progress.reported() * 1e9 / took.toNanos(), costs);
        Progress.say("  %,.0f scans/s, %,.0f µs each: %s".formatted(window.perSecond(), window.cost(), costs));
        profile(scopes, true);
        windows.computeIfAbsent(design, _ -> new EnumMap<>(Load.class))
                .computeIfAbsent(load, _ -> new ArrayList<>())
                .add(window);
        if (design == Design.OUTRIDER && load == Load.SLOW_STAMPED) {
            scopes.awaitQuiet();
        }
    }

    private void profile(FleetScopes scopes, boolean ended) throws SQLException {
        if (Asked.profile().isEmpty()) {
            return;
        }
        if (ended) {
            scopes.statements(out);
        } else {
            scopes.countStatements();
        }
    }

    /// From due to reported of fast scans, 99th percentile in milliseconds.
    private double calm(FleetScopes scopes, Load load) throws SQLException {
        Progress.say("%,d scans a second, %s".formatted(CALM, load));
        var seconds = Asked.smoke() ? 2 : full ? 60 : 15;
        scopes.settle();
        var begin = scopes.makeDue(load, CALM * seconds, CALM);
        if (!scopes.awaitFast(begin, begin.plusSeconds(5L * seconds)).complete()) {
            throw new BenchException("%,d scans a second are too many".formatted(CALM));
        }
        var latency = scopes.latency(0.99);
        Progress.say("  p99 %,.0f ms, p50 %,.0f ms".formatted(latency, scopes.latency(0.5)));
        return latency;
    }

    private Figures figures() {
        var figures = new Figures();
        figures.put("scans_per_s", rate(Design.OUTRIDER, Load.FAST).median());
        figures.put("vs_original_design", rate(Design.OUTRIDER, Load.FAST).over(rate(Design.ORIGINAL, Load.FAST)));
        figures.put(
                "vs_original_design_slow_mix",
                rate(Design.OUTRIDER, Load.SLOW_STAMPED).over(rate(Design.ORIGINAL, Load.SLOW_MISJUDGED)));
        figures.put("vs_article_design", rate(Design.OUTRIDER, Load.FAST).over(rate(Design.ARTICLE, Load.FAST)));
        figures.put(
                "vs_article_design_misjudged",
                rate(Design.OUTRIDER, Load.SLOW_MISJUDGED).over(rate(Design.ARTICLE, Load.SLOW_MISJUDGED)));
        figures.put("fast_p99_slow_over_alone", Spread.of(calmWithSlow).over(Spread.of(calmAlone)));
        rates().print(out);
        calm().print(out);
        costs(figures).print(out);
        return figures;
    }

    private Table rates() {
        var table = new Table("The fleet", "design", "load", "fast scans/s", "range", "CPU µs per scan")
                .note(
                        "Scans again of %,d of %,d assets, 5 insights each, 1 in 20 changed, 50 ms; of the slow loads 1 in 100 takes 30 s."
                                .formatted(assets / 2, assets))
                .note(
                        "%d partitions, at most %,d scans of a lane in flight, one replica of each service. A window ends after %d s."
                                .formatted(Fleet.PARTITIONS, PERMITS, LONGEST.toSeconds()));
        for (var design : Design.values()) {
            table.note("%s: %s".formatted(design.title, design.settings));
        }
        windows.forEach((design, loads) -> loads.forEach((load, measured) -> {
            var rate = rate(design, load);
            table.row(
                    design.title,
                    load.name().toLowerCase().replace('_', ' '),
                    rate.middle(),
                    rate.range(),
                    spread(design, load, Window::cost).middle());
        }));
        return table;
    }

    private Table calm() {
        var table = new Table("From due to visible in the API, p99 of fast scans in ms", "load", "median", "range")
                .note("%,d scans become due a second, one by one.".formatted(CALM));
        var alone = Spread.of(calmAlone);
        var slow = Spread.of(calmWithSlow);
        table.row("fast", alone.middle(), alone.range());
        table.row("slow stamped", slow.middle(), slow.range());
        return table;
    }

    private Table costs(Figures figures) {
        var table = new Table("What a scan costs", "part", "CPU µs", "range")
                .note("Ours, fast only, all processes of each part, from due to reported.");
        var total = spread(Design.OUTRIDER, Load.FAST, Window::cost);
        figures.put("cpu_us_per_scan", total.median());
        for (var part : List.of("scheduler", "broker", "checker", "insights", "postgres")) {
            var cost =
                    spread(Design.OUTRIDER, Load.FAST, window -> window.costs().getOrDefault(part, Double.NaN));
            figures.put("cpu_us_per_scan_" + part, cost.median());
            table.row(part, cost.middle(), cost.range());
        }
        table.row("total", total.middle(), total.range());
        return table;
    }

    private Spread rate(Design design, Load load) {
        return spread(design, load, Window::perSecond);
    }

    private Spread spread(Design design, Load load, ToDoubleFunction<Window> value) {
        return Spread.of(windows.getOrDefault(design, Map.of()).getOrDefault(load, List.of()).stream()
                .map(value::applyAsDouble)
                .toList());
    }
}
