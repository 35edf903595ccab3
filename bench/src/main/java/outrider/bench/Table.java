package outrider.bench;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A table of results as text: a title, notes on how to read it, and rows.
public final class Table {
    private final String title;
    private final List<String> notes = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String title, String... columns) {
        this.title = title;
        rows.add(List.of(columns));
    }

    public Table note(String note) {
        notes.add(note);
        return this;
    }

    public void row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException("%d cells for %s".formatted(cells.length, rows.getFirst()));
        }
        rows.add(List.of(cells));
    }

    /// A number to three significant digits: small times have no use for fixed decimals.
    public static String exact(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).round(new MathContext(3)).toPlainString()
                : "-";
    }

    public void print(PrintStream out) {
        out.println();
        out.println("## " + title);
        notes.forEach(out::println);
        out.println();
        rows.forEach(row -> out.println(line(row)));
        out.flush();
    }

    private String line(List<String> row) {
        return IntStream.range(0, row.size())
                .mapToObj(column -> row.get(column)
                        + " ".repeat(width(column) - row.get(column).length()))
                .collect(Collectors.joining(" | "))
                .stripTrailing();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
