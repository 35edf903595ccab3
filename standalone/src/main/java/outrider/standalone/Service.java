package outrider.standalone;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The three services, in the order in which they stop.
public enum Service {
    SCHEDULER("Scheduler", 8081),
    CHECKER("Checker", 8082),
    INSIGHTS("Insights API", 8080);

    private final String title;
    private final int usualPort;

    Service(String title, int usualPort) {
        this.title = title;
        this.usualPort = usualPort;
    }

    String title() {
        return title;
    }

    int usualPort() {
        return usualPort;
    }

    /// The environment variable that moves the service to another port.
    String portVariable() {
        return "OUTRIDER_%s_PORT".formatted(name());
    }

    static String portVariables() {
        return Arrays.stream(values()).map(Service::portVariable).collect(Collectors.joining(", "));
    }
}
