package outrider.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The figures of one suite, in the order they were found, and the line that scripts read.
public final class Figures {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    private final SequencedMap<String, BigDecimal> values = new LinkedHashMap<>();
    private final List<String> missing = new ArrayList<>();

    /// Adds a figure, kept to four significant digits; what is no number was not measured.
    public void put(String name, double value) {
        if (!NAME.matcher(name).matches() || values.containsKey(name)) {
            throw new IllegalArgumentException("a figure cannot be called '%s' here".formatted(name));
        }
        if (!Double.isFinite(value)) {
            missing.add(name);
            return;
        }
        values.put(name, BigDecimal.valueOf(value).round(new MathContext(4, RoundingMode.HALF_UP)));
    }

    /// The last line of a run.
    ///
    /// @throws BenchException when a figure is missing: the others must not pass for all
    public String line(String suite) {
        if (!missing.isEmpty()) {
            throw new BenchException("not measured: " + missing);
        }
        return values.entrySet().stream()
                .map(figure -> "\"%s\":%s".formatted(figure.getKey(), plain(figure.getValue())))
                .collect(Collectors.joining(",", "BENCH {\"suite\":\"%s\",\"figures\":{".formatted(suite), "}}"));
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
