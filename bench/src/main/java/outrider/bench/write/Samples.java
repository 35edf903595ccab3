package outrider.bench.write;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import outrider.bench.Spread;

/// What the repetitions of several measurements yielded, in the order in which the measurements were first made.
final class Samples<K> {
    private final SequencedMap<K, List<Double>> values = new LinkedHashMap<>();

    void add(K measurement, double value) {
        values.computeIfAbsent(measurement, m -> new ArrayList<>()).add(value);
    }

    /// Empty for what was not measured.
    Spread of(K measurement) {
        return Spread.of(values.getOrDefault(measurement, List.of()));
    }

    void forEach(BiConsumer<K, Spread> action) {
        values.forEach((measurement, all) -> action.accept(measurement, Spread.of(all)));
    }

    /// Median by median.
    Map<K, Double> medians() {
        var medians = new LinkedHashMap<K, Double>();
        forEach((measurement, spread) -> medians.put(measurement, spread.median()));
        return medians;
    }
}
