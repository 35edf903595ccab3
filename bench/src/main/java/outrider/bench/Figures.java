package outrider.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The figures of one suite, in the order they were found, and the line that scripts read.
public final class Figures {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    private final SequencedMap<String, BigDecimal> values = new LinkedHashMap<>();

    /// Adds a figure, kept to four significant digits.
    ///
    /// @throws BenchException when it is no number: a figure that was not measured must not look like one
    public void put(String name, double value) {
        if (!NAME.matcher(name).matches() || values.containsKey(name)) {
            throw new IllegalArgumentException("a figure cannot be called '%s' here".formatted(name));
        }
        if (!Double.isFinite(value)) {
            throw new BenchException("%s was not measured: %s".formatted(name, value));
        }
        values.put(name, BigDecimal.valueOf(value).round(new MathContext(4, RoundingMode.HALF_UP)));
    }

    /// The last line of a run.
    public String line(String suite) {
        return values.entrySet().stream()
                .map(figure -> "\"%s\":%s".formatted(figure.getKey(), plain(figure.getValue())))
                .collect(Collectors.joining(",", "BENCH {\"suite\":\"%s\",\"figures\":{".formatted(suite), "}}"));
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
