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
import outrider.bench.Asked;
import outrider.bench.BenchException;
import outrider.bench.Broker;
import outrider.bench.ChildJvm;
import outrider.bench.Server;
import outrider.bench.Topics;
import outrider.checker.check.CheckerProvider;
import outrider.embedded.FreePort;
import outrider.scan.Lane;
import outrider.web.Scopes;
import outrider.web.TokenSigner;

/// A scheduler, a broker and a database, and beside them the checker and the API of one design at a time.
final class Fleet implements AutoCloseable {

    static final int PARTITIONS = 30;

    private static final String HEAP = "768m";

    private final Path home = Files.createTempDirectory("outrider-bench-");
    private final Server database;
    private final Broker broker;
    private final String url;
    private final int permits;
    private final Path jars;
    private final Path bearer = home.resolve("checker.token");
    private final ChildJvm scheduler;

    /// @param permits of each lane: how many scans are in flight at most
    Fleet(int permits) throws IOException {
        this.permits = permits;
        database = Server.start(
                Asked.profile().isPresent()
                        ? Map.of("shared_preload_libraries", "pg_stat_statements", "pg_stat_statements.track", "all")
                        : Map.of());
        broker = Broker.start();
        url = database.create("fleet");
        jars = jar();
        var signer = TokenSigner.open(home.resolve("keys"), Clock.systemUTC());
        Files.writeString(bearer, signer.mint("checker", Scopes.CHECKER, null, Duration.ofHours(4)));
        scheduler = service(
                "scheduler",
                "server.port=0",
                "outrider.schedule.tick=20ms",
                "outrider.schedule.batch=1000",
                "outrider.schedule.burst=2000",
                "outrider.schedule.min-per-second=100000",
                "outrider.schedule.max-per-second=100000");
        scheduler.awaitAnswer();
    }

    /// The API and the checker of a design.
    final class Arm implements AutoCloseable {

        private final ChildJvm api;
        private final ChildJvm checker;

        private Arm(ChildJvm api, ChildJvm checker) {
            this.api = api;
            this.checker = checker;
            checker.awaitAnswer();
        }

        /// The processor time that each part of the fleet has taken so far, in nanoseconds.
        Map<String, Long> processorTimes() throws IOException {
            var times = new LinkedHashMap<String, Long>();
            times.put("scheduler", scheduler.processorTime());
            times.put("broker", broker.processorTime());
            times.put("checker", checker.processorTime());
            times.put("insights", api.processorTime());
            times.put("postgres", database.processorTime());
            return times;
        }

        @Override
        public void close() {
            checker.close();
            api.close();
        }
    }

    Arm start(Design design) throws IOException {
        return design == Design.OUTRIDER ? ours() : rival(design);
    }

    private Arm ours() throws IOException {
        var port = FreePort.find();
        var api = service("insights", "server.port=" + port);
        api.awaitAnswer();
        return new Arm(
                api,
                service(
                        "checker",
                        "server.port=0",
                        "outrider.insights.url=http://127.0.0.1:" + port,
                        "outrider.lanes.fast.permits=" + permits,
                        "outrider.lanes.slow.permits=" + permits));
    }

    private Arm rival(Design design) {
        var api = ChildJvm.start(RivalApi.class, HEAP, profile(design + "-api"), design.name(), url);
        return new Arm(
                api,
                ChildJvm.start(
                        RivalChecker.class,
                        HEAP,
                        profile(design + "-checker"),
                        design.name(),
                        broker.bootstrap(),
                        api.awaitAnswer(),
                        Integer.toString(permits)));
    }

    private ChildJvm service(String name, String... own) {
        var common = Stream.of(
                "spring.datasource.url=" + url,
                "spring.kafka.bootstrap-servers=" + broker.bootstrap(),
                "outrider.tokens.jwks=" + home.resolve("keys/jwks.json"),
                "outrider.tokens.bearer=" + bearer,
                "outrider.kafka.partitions=" + PARTITIONS,
                "management.tracing.sampling.probability=0",
                "logging.level.root=WARN");
        var arguments = Stream.concat(
                Stream.of(name, jars.toString()),
                Stream.concat(common, Stream.of(own)).map(setting -> "--" + setting));
        return ChildJvm.start(Child.class, HEAP, profile(name), arguments.toArray(String[]::new));
    }

    private static List<String> profile(String name) {
        return Asked.profile().stream()
                .map(directory -> "-XX:StartFlightRecording=settings=profile,filename=%s"
                        .formatted(directory.resolve(name + ".jfr")))
                .toList();
    }

    /// Deletes the jobs that nobody will run any more.
    void purge() {
        try (var topics = new Topics(broker.bootstrap())) {
            for (var lane : Lane.values()) {
                topics.purge(lane.topic());
            }
        }
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

    @Override
    public void close() throws IOException {
        scheduler.close();
        broker.close();
        database.close();
        try (var files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
