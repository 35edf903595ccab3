package outrider.standalone;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What the environment and the command line say about this run.
///
/// @param address the local address the services listen on
/// @param ports the port of each service
/// @param demo whether to bring up the weak site and scan it
public record Settings(Home home, String address, Map<Service, Integer> ports, boolean demo) {
    public Settings {
        ports = Map.copyOf(ports);
    }

    /// Reads the variables `OUTRIDER_…` and the argument `--demo`.
    public static Settings of(Map<String, String> environment, String... arguments) {
        var home = new Home(Path.of(environment.getOrDefault("OUTRIDER_HOME", "data")));
        var ports = new EnumMap<Service, Integer>(Service.class);
        for (var service : Service.values()) {
            var name = service.portVariable();
            ports.put(service, port(name, environment.getOrDefault(name, Integer.toString(service.usualPort()))));
        }
        if (Map.copyOf(ports).values().stream().distinct().count() < ports.size()) {
            throw new CannotStartException(
                    "Two services were given the same port: %s must differ.".formatted(Service.portVariables()));
        }
        var address = environment.getOrDefault("OUTRIDER_ADDRESS", "127.0.0.1");
        return new Settings(home, address, ports, List.of(arguments).contains("--demo"));
    }

    /// The port of a service.
    public int port(Service service) {
        return ports.getOrDefault(service, service.usualPort());
    }

    /// Where programs on this machine reach a service.
    public String url(Service service) {
        return "http://localhost:" + port(service);
    }

    private static int port(String name, String text) {
        try {
            var port = Integer.parseInt(text.strip());
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below, as for a number out of range.
        }
        throw new CannotStartException("%s must be a port from 1 to 65535, not '%s'.".formatted(name, text));
    }
}
