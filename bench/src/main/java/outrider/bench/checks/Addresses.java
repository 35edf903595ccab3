package outrider.bench.checks;

import java.util.List;
import java.util.stream.Stream;
import outrider.scan.Endpoint;

/// Where the servers of a [Target] are.
///
/// @param resolver host and port
/// @param healthy the endpoints of the host without fault
/// @param silent those of one that takes connections and says nothing
/// @param holding those of one that never answers what it is asked
record Addresses(String resolver, List<Endpoint> healthy, List<Endpoint> silent, List<Endpoint> holding) {

    /// As one line.
    String line() {
        return Stream.of(List.of(resolver), texts(healthy), texts(silent), texts(holding))
                .map(part -> String.join(",", part))
                .reduce((one, other) -> one + " " + other)
                .orElseThrow();
    }

    static Addresses of(String line) {
        var parts = line.split(" ");
        return new Addresses(parts[0], endpoints(parts[1]), endpoints(parts[2]), endpoints(parts[3]));
    }

    private static List<String> texts(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::toString).toList();
    }

    private static List<Endpoint> endpoints(String text) {
        return Stream.of(text.split(",")).map(Endpoint::of).toList();
    }
}
