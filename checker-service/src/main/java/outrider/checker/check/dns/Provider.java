package outrider.checker.check.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A service that hands out names to whoever asks for them first, and how it shows that a name is free; from the data
/// file `providers.txt`, which says where it is from.
///
/// @param suffix what its names end in; `*` in it stands for any part of one label
/// @param page a text of the page it shows for a name that is free; empty where it deletes the name instead
record Provider(String suffix, String service, Optional<String> page) {

    private static final List<Provider> ALL = load();

    /// The provider of the last of these names that has one and that answers in that way.
    static Optional<Provider> of(Collection<String> names, boolean byPage) {
        return names.stream()
                .flatMap(name ->
                        ALL.stream().filter(provider -> provider.page().isPresent() == byPage && provider.hands(name)))
                .reduce((first, later) -> later);
    }

    static List<Provider> all() {
        return ALL;
    }

    /// Whether the name is one that it hands out: below its suffix, label by label.
    private boolean hands(String name) {
        var labels = name.split("\\.");
        var wanted = suffix.split("\\.");
        var above = labels.length - wanted.length;
        return above > 0 && IntStream.range(0, wanted.length).allMatch(i -> fits(labels[above + i], wanted[i]));
    }

    private static boolean fits(String label, String wanted) {
        var star = wanted.indexOf('*');
        return star < 0
                ? label.equals(wanted)
                : label.length() >= wanted.length()
                        && label.startsWith(wanted.substring(0, star))
                        && label.endsWith(wanted.substring(star + 1));
    }

    private static List<Provider> load() {
        try (var in = Provider.class.getResourceAsStream("/outrider/checker/check/dns/providers.txt")) {
            if (in == null) {
                throw new IllegalStateException("The data file providers.txt is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Provider::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The data file providers.txt cannot be read", e);
        }
    }

    private static Provider of(String line) {
        var columns = line.split("\\s+", 3);
        var bar = columns[2].indexOf('|');
        var service = bar < 0 ? columns[2] : columns[2].substring(0, bar);
        var page = switch (columns[1]) {
            case "gone" -> Optional.<String>empty();
            case "page" -> Optional.of(columns[2].substring(bar + 1).strip());
            default -> throw new IllegalStateException("Neither gone nor page in the line: " + line);
        };
        return new Provider(
                columns[0], service.substring(0, service.indexOf('[')).strip(), page);
    }
}
