package outrider.bench.lanes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import outrider.bench.Spread;
import outrider.bench.Table;
import outrider.bench.lanes.arm.Arm;
import outrider.bench.lanes.arm.Feed;

/// What several arms did in their windows, over all repetitions.
final class Windows {
    private final SequencedMap<Arm, List<Window.Result>> results = new LinkedHashMap<>();

    Windows(List<Arm> arms) {
        arms.forEach(arm -> results.put(arm, new ArrayList<>()));
    }

    void add(Map<Arm, Window.Result> measured) {
        measured.forEach((arm, result) ->
                results.computeIfAbsent(arm, unknown -> new ArrayList<>()).add(result));
    }

    Spread rate(Arm arm) {
        return Spread.of(results.getOrDefault(arm, List.of()).stream()
                .map(Window.Result::perSecond)
                .toList());
    }

    static Table table(String title) {
        return new Table(title, "arm", "jobs/s", "range", "run twice", "settings");
    }

    void rows(Table table, Feed feed) {
        results.forEach((arm, windows) -> table.row(
                arm.name(),
                rate(arm).middle(),
                rate(arm).range(),
                Integer.toString(
                        windows.stream().mapToInt(Window.Result::repeated).sum()),
                arm.settings(feed)));
    }
}
