package outrider.bench;

import java.util.Arrays;
import outrider.bench.lanes.LanesSuite;

/// `java -jar bench.jar <suite>`: runs one suite and ends with its line of figures.
public final class Main {
    private Main() {}

    static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            fail("name one suite: lanes");
        }
        boolean full = "1".equals(System.getenv("FULL"));
        System.out.printf(
                "Outrider benchmark %s, %s: %d cores, heap %d MiB, Java %s, %s %s%n",
                Arrays.toString(arguments),
                full ? "full" : "quick (FULL=1 for everything)",
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory() >> 20,
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
        var figures = switch (arguments[0]) {
            case "lanes" -> new LanesSuite(full, System.out).run();
            default -> throw new BenchException("no suite '%s': there is lanes".formatted(arguments[0]));
        };
        System.out.println();
        System.out.println(figures.line(arguments[0]));
        // Whatever threads a rival left behind do not keep the run alive.
        System.exit(0);
    }

    private static void fail(String why) {
        System.err.println(why);
        System.exit(2);
    }
}
