package outrider.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import outrider.standalone.CannotStartException;
import outrider.standalone.KeptPorts;
import outrider.standalone.Settings;

/// The command that mends the site of a running demo, has it scanned again and prints which insights that resolved.
public final class DemoFix {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private DemoFix() {}

    /// @param checks the ids of the checks whose weakness is to be mended; none: all of them
    public static void main(String[] checks) {
        try {
            System.out.print(run(Settings.of(System.getenv()), checks));
        } catch (DemoException | CannotStartException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /// Mends, scans and tells, in text for the terminal, what that resolved and what is still open.
    public static String run(Settings settings, String... checks) {
        var mended = checks.length == 0
                ? Weakness.all()
                : Arrays.stream(checks).map(Weakness::of).collect(Collectors.toSet());
        var file = WeaknessFile.in(settings.home());
        var port = new KeptPorts(settings.home().ports()).kept(Demo.HTTP_PORT);
        shown(port);
        var left = EnumSet.copyOf(file.read());
        left.removeAll(mended);
        file.write(left);
        awaitSite(port, left);
        try (var api = new Api(settings)) {
            var account = DemoAccount.open(api);
            var before = account.insights("open");
            account.scan();
            var open = account.insights("open");
            var still = open.stream().map(insight -> insight.path("id")).collect(Collectors.toSet());
            before.removeIf(insight -> still.contains(insight.path("id")));
            return "Resolved: %d\n%s\nStill open: %d\n%s"
                    .formatted(before.size(), InsightTable.of(before), open.size(), InsightTable.of(open));
        }
    }

    private static void awaitSite(int port, Set<Weakness> weaknesses) {
        var deadline = Instant.now().plus(PATIENCE);
        while (!shown(port).equals(DemoSite.state(weaknesses))) {
            if (Instant.now().isAfter(deadline)) {
                throw new DemoException("The demo's site does not follow its file; is this the directory it runs on?");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static String shown(int port) {
        var state = URI.create("http://127.0.0.1:%d%s".formatted(port, DemoSite.STATE_PATH));
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(state).timeout(PATIENCE).build();
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new DemoException("No demo answers at %s: start it first with make run DEMO=1.".formatted(state));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("Interrupted.");
        }
    }
}
