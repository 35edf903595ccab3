package outrider.bench.fleet;

import java.io.IOException;
import java.util.Arrays;
import org.springframework.boot.builder.SpringApplicationBuilder;
import outrider.bench.BenchException;
import outrider.bench.ChildJvm;
import outrider.checker.CheckerApplication;
import outrider.insights.InsightsApplication;
import outrider.scheduler.SchedulerApplication;

/// A service of the fleet in a JVM of its own.
final class Child {

    private Child() {}

    /// The arguments: the service, the directory with the jar of the simulated checker, and the service's own.
    static void main(String[] arguments) throws IOException {
        System.setProperty("outrider.checks.jars", arguments[1]);
        builder(arguments[0]).run(Arrays.copyOfRange(arguments, 2, arguments.length));
        ChildJvm.answer("ready");
        ChildJvm.awaitEnd();
        System.exit(0);
    }

    private static SpringApplicationBuilder builder(String service) {
        return switch (service) {
            case "scheduler" -> SchedulerApplication.builder();
            case "checker" -> CheckerApplication.builder();
            case "insights" -> InsightsApplication.builder();
            default -> throw new BenchException("there is no service " + service);
        };
    }
}
