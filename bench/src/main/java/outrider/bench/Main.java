package outrider.bench;

import java.io.IOException;
import outrider.bench.checks.ChecksSuite;
import outrider.bench.fleet.FleetSuite;
import outrider.bench.lanes.LanesSuite;
import outrider.bench.schedule.ScheduleSuite;
import outrider.bench.write.WriteSuite;

/// `java -jar bench.jar <suite>`: runs one suite and ends with its line of figures, or with status 1 and why not.
public final class Main {
    private Main() {}

    static void main(String[] arguments) {
        int status = 1;
        try {
            run(arguments.length == 1 ? arguments[0] : "");
            status = 0;
        } catch (InterruptedException | IOException | RuntimeException e) {
            e.printStackTrace();
        }
        // Whatever threads a rival left behind do not keep the run alive.
        System.exit(status);
    }

    private static void run(String suite) throws IOException, InterruptedException {
        boolean full = "1".equals(System.getenv("FULL"));
        var runtime = Runtime.getRuntime();
        System.out.printf(
                "Outrider benchmark %s, %s: %d cores, heap %d MiB, Java %s, %s %s%n",
                suite,
                full ? "full" : "quick (FULL=1 for everything)",
                runtime.availableProcessors(),
                runtime.maxMemory() >> 20,
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
        var figures = switch (suite) {
            case "checks" -> new ChecksSuite(full, System.out).run();
            case "fleet" -> new FleetSuite(full, System.out).run();
            case "schedule" -> new ScheduleSuite(full, System.out).run();
            case "lanes" -> new LanesSuite(full, System.out).run();
            case "write" -> new WriteSuite(full, System.out).run();
            default ->
                throw new BenchException(
                        "there is no suite '%s', only: checks, fleet, lanes, schedule, write".formatted(suite));
        };
        System.out.println();
        System.out.println(figures.line(suite));
    }
}
