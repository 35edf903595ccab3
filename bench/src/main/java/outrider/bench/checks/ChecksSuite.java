package outrider.bench.checks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SequencedMap;
import outrider.bench.Asked;
import outrider.bench.Figures;
import outrider.bench.Table;

/// The suite `checks`: what it costs to scan a host, and what hosts that hang cost the others.
public final class ChecksSuite {
    private final Scale scale;
    private final PrintStream out;

    /// @param full more and longer repetitions
    public ChecksSuite(boolean full, PrintStream out) {
        this.scale = Asked.smoke() ? Scale.smoke() : full ? Scale.full() : Scale.quick();
        this.out = out;
    }

    public Figures run() throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("outrider-bench-");
        try (var servers = Target.start(folder)) {
            var figures = new Figures();
            var addresses = Addresses.of(servers.awaitAnswer());
            var rig = new Rig(
                    addresses, folder.resolve(Target.TRUST), scale, Asked.repetitions(scale.repetitions()), out);
            var requests = Requests.perChecker(Files.createDirectory(folder.resolve("requests")));
            print(requests);
            requests.forEach((checker, sent) -> figures.put("requests_per_scan_" + checker, sent.total()));
            var perSecond = new FullScans(
                            rig,
                            requests.values().stream().reduce(Requests::and).orElseThrow())
                    .run(figures);
            new HeldScans(rig).run(figures);
            new HangingHosts(rig, perSecond).run(figures);
            return figures;
        } finally {
            delete(folder);
        }
    }

    private void print(SequencedMap<String, Requests> requests) {
        var table = new Table(
                        "Requests of one scan",
                        "checker",
                        "requests",
                        "DNS questions",
                        "connections",
                        "TLS handshakes",
                        "HTTP requests")
                .note("Counted by the servers of a healthy host with one https and one http endpoint.")
                .note("Requests are DNS questions, HTTP requests, and connections on which none of these is sent.");
        requests.forEach((checker, sent) -> table.row(
                checker,
                String.valueOf(sent.total()),
                String.valueOf(sent.questions().size()),
                String.valueOf(sent.connections()),
                String.valueOf(sent.handshakes()),
                String.valueOf(sent.http())));
        table.print(out);
        requests.forEach((checker, sent) -> sent.lines().forEach(line -> out.println(checker + ": " + line)));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
