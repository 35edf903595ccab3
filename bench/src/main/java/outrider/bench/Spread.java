package outrider.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/// What the repetitions of one measurement yielded; empty when none of them finished.
public final class Spread {
    private final double[] sorted;

    private Spread(double[] sorted) {
        this.sorted = sorted;
    }

    public static Spread of(Collection<Double> values) {
        return new Spread(
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray());
    }

    /// The middle value, or the mean of the two in the middle; not a number when empty.
    public double median() {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// Median of this over median of the other.
    public double over(Spread other) {
        return median() / other.median();
    }

    /// The median, for a table.
    public String middle() {
        return sorted.length == 0 ? "-" : number(median());
    }

    /// Lowest and highest, for a table.
    public String range() {
        return sorted.length == 0 ? "did not finish" : number(sorted[0]) + " – " + number(sorted[sorted.length - 1]);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%,.0f", value);
    }

    @Override
    public String toString() {
        return Arrays.toString(sorted);
    }
}
