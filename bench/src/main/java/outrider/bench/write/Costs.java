package outrider.bench.write;

import java.util.List;
import java.util.stream.Stream;
import outrider.bench.Progress;
import outrider.bench.Spread;
import outrider.bench.Table;

/// What the repetitions of several writes took.
final class Costs {
    private static final List<String> COLUMNS =
            List.of("write", "s", "range", "client CPU s", "server CPU s", "log MB");

    private final Samples<String> seconds = new Samples<>();
    private final Samples<String> client = new Samples<>();
    private final Samples<String> server = new Samples<>();
    private final Samples<String> log = new Samples<>();

    void add(String what, Cost cost) {
        Progress.say("%s: %.2f s".formatted(what, cost.seconds()));
        seconds.add(what, cost.seconds());
        client.add(what, cost.client());
        server.add(what, cost.server());
        log.add(what, cost.log());
    }

    Spread seconds(String what) {
        return seconds.of(what);
    }

    Spread log(String what) {
        return log.of(what);
    }

    /// An empty table for them.
    ///
    /// @param ratio the last column: what all are compared to, over each
    static Table table(String title, String ratio) {
        return new Table(
                title, Stream.concat(COLUMNS.stream(), Stream.of(ratio)).toArray(String[]::new));
    }

    /// @param denominator what all are compared to
    void print(Rig rig, Table table, String denominator) {
        seconds.forEach((what, spread) -> table.row(
                what,
                spread.middle(),
                spread.range(),
                client.of(what).middle(),
                server.of(what).middle(),
                Table.exact(log.of(what).median() / 1e6),
                Table.exact(seconds.of(denominator).over(spread))));
        table.print(rig.out());
    }
}
