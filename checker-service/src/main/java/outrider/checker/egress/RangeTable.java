package outrider.checker.egress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Named blocks of addresses from a data file; of several that hold an address, the longest decides.
final class RangeTable {

    private final List<Row> rows;

    private RangeTable(List<Row> rows) {
        this.rows = rows;
    }

    /// One line of the file.
    record Row(IpRange range, boolean refused, String name) {

        private static Row of(String line) {
            var columns = line.split("\\s+", 3);
            var refused = switch (columns[1]) {
                case "refused" -> true;
                case "reachable" -> false;
                default -> throw new IllegalStateException("No verdict in the line: " + line);
            };
            return new Row(IpRange.of(columns[0]), refused, columns[2]);
        }
    }

    static RangeTable load(String resource) {
        try (var in = RangeTable.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("The data file %s is missing".formatted(resource));
            }
            return new RangeTable(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Row::of)
                    .sorted(Comparator.comparingInt((Row row) -> row.range().prefix())
                            .reversed())
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("The data file %s cannot be read".formatted(resource), e);
        }
    }

    int size() {
        return rows.size();
    }

    /// The name of the block that refuses the address, if one does.
    Optional<String> refusing(InetAddress address) {
        return rows.stream()
                .filter(row -> row.range().contains(address))
                .findFirst()
                .filter(Row::refused)
                .map(Row::name);
    }
}
