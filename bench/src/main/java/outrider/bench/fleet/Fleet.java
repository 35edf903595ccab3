package outrider.bench.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import outrider.bench.BenchException;
import outrider.bench.Broker;
import outrider.bench.ChildJvm;
import outrider.bench.Server;
import outrider.checker.check.CheckerProvider;
import outrider.embedded.FreePort;
import outrider.web.Scopes;
import outrider.web.TokenSigner;

/// The three services as they are deployed, on a broker and a database of their own, with the simulated checker.
final class Fleet implements AutoCloseable {

    private final Path home = Files.createTempDirectory("outrider-bench-");
    private final Server database;
    private final Broker broker;
    private final String url;
    private final Map<String, ChildJvm> services = new LinkedHashMap<>();

    /// @param permits of the fast lane: how many scans are in flight at most
    Fleet(int permits) throws IOException {
        database = Server.start();
        broker = Broker.start();
        url = database.create("fleet");
        var jars = jar();
        var signer = TokenSigner.open(home.resolve("keys"), Clock.systemUTC());
        var bearer = home.resolve("checker.token");
        Files.writeString(bearer, signer.mint("checker", Scopes.CHECKER, null, Duration.ofHours(4)));
        var insights = FreePort.find();
        var common = List.of(
                "spring.datasource.url=" + url,
                "spring.kafka.bootstrap-servers=" + broker.bootstrap(),
                "outrider.tokens.jwks=" + home.resolve("keys/jwks.json"),
                "outrider.tokens.bearer=" + bearer,
                "outrider.insights.url=http://127.0.0.1:" + insights,
                "outrider.kafka.partitions=30",
                "management.tracing.sampling.probability=0",
                "logging.level.root=WARN");
        start("insights", jars, common, List.of("server.port=" + insights));
        start(
                "scheduler",
                jars,
                common,
                List.of(
                        "server.port=0",
                        "outrider.schedule.tick=20ms",
                        "outrider.schedule.batch=1000",
                        "outrider.schedule.burst=2000",
                        "outrider.schedule.min-per-second=100000",
                        "outrider.schedule.max-per-second=100000"));
        start("checker", jars, common, List.of("server.port=0", "outrider.lanes.fast.permits=" + permits));
        services.values().forEach(ChildJvm::awaitAnswer);
    }

    private void start(String service, Path jars, List<String> common, List<String> own) {
        var arguments = Stream.concat(
                Stream.of(service, jars.toString()),
                Stream.concat(common.stream(), own.stream()).map(setting -> "--" + setting));
        services.put(service, ChildJvm.start(Child.class, "768m", arguments.toArray(String[]::new)));
    }

    /// A directory with the one jar that brings the simulated checker to whoever looks there.
    private Path jar() throws IOException {
        var jars = Files.createDirectory(home.resolve("jars"));
        try (var jar = new JarOutputStream(Files.newOutputStream(jars.resolve("sim.jar")));
                var definition = Fleet.class.getResourceAsStream("/fleet/sim.fleet.yml")) {
            if (definition == null) {
                throw new BenchException("the definition of the simulated check is not there");
            }
            entry(jar, "checks/index", "sim.fleet\n".getBytes());
            entry(jar, "checks/sim.fleet.yml", definition.readAllBytes());
            entry(
                    jar,
                    "META-INF/services/" + CheckerProvider.class.getName(),
                    SimulatedChecker.class.getName().getBytes());
        }
        return jars;
    }

    private static void entry(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }

    String url() {
        return url;
    }

    /// The processor time that each part has taken so far, in nanoseconds.
    Map<String, Long> processorTimes() throws IOException {
        var times = new LinkedHashMap<String, Long>();
        services.forEach((name, service) -> times.put(name, service.processorTime()));
        times.put("broker", broker.processorTime());
        times.put("postgres", database.processorTime());
        return times;
    }

    @Override
    public void close() throws IOException {
        services.values().forEach(ChildJvm::close);
        broker.close();
        database.close();
        try (var files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
