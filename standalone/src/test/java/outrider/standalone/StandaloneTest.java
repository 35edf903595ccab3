package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.FreePort;
import outrider.standalone.demo.Demo;
import outrider.standalone.demo.DemoFix;

/// The whole vertical in one JVM: broker, database, three services, and the weak site to scan.
final class StandaloneTest {
    private static final Pattern CHECK = Pattern.compile("^ {2}[A-Z]+ +([a-z]+\\.[a-z-]+) ", Pattern.MULTILINE);
    private static final List<String> WEAKNESSES = List.of(
            "dns.caa",
            "dns.dmarc",
            "dns.spf",
            "http.hsts",
            "http.https-redirect",
            "tls.cert-expiry",
            "tls.chain",
            "tls.hostname");

    @Test
    void finds_what_is_weak_keeps_it_over_a_restart_and_resolves_exactly_what_is_mended(@TempDir Path home)
            throws Exception {
        var settings = settings(home);
        try (var collector = new Collector();
                var first = new Running(settings, traced(collector))) {
            assertThat(checksIn(first.shown())).as(first.shown()).containsExactlyInAnyOrderElementsOf(WEAKNESSES);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("admin.token"))))
                    .isEqualTo("rw-------");
            await().untilAsserted(() -> assertThat(servicesOfOneTrace(collector))
                    .contains(Set.of("scheduler-service", "checker-service", "insights-api")));
        }
        try (var second = new Running(settings, Map.of())) {
            assertThat(checksIn(second.shown())).as(second.shown()).containsExactlyInAnyOrderElementsOf(WEAKNESSES);

            var told = DemoFix.run(settings, "dns.spf", "tls.chain").split("Still open: 6");
            assertThat(checksIn(told[0])).containsExactlyInAnyOrder("dns.spf", "tls.chain");
            assertThat(checksIn(told[1])).hasSize(6).doesNotContain("dns.spf", "tls.chain");
        }
    }

    private static Settings settings(Path home) {
        var ports = new EnumMap<Service, Integer>(Service.class);
        for (var service : Service.values()) {
            ports.put(service, FreePort.find());
        }
        return new Settings(new Home(home), "127.0.0.1", ports, true);
    }

    private static Map<String, String> traced(Collector collector) {
        return Map.of(
                "management.opentelemetry.tracing.export.otlp.endpoint", collector.url(),
                "management.opentelemetry.tracing.export.schedule-delay", "100ms",
                "management.tracing.sampling.probability", "1");
    }

    /// Per trace, who sent spans of it, each by its own name although all are in one JVM.
    private static Collection<Set<String>> servicesOfOneTrace(Collector collector) {
        return collector.spans().stream()
                .collect(Collectors.groupingBy(
                        Collector.Seen::trace, Collectors.mapping(Collector.Seen::service, Collectors.toSet())))
                .values();
    }

    private static List<String> checksIn(String tables) {
        return CHECK.matcher(tables)
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();
    }

    /// What [OutriderMain] brings up, and what the demo then shows.
    private static final class Running implements AutoCloseable {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final Fleet fleet;
        private final Demo demo;

        Running(Settings settings, Map<String, String> more) {
            var progress = new Progress(new PrintStream(out, true, StandardCharsets.UTF_8));
            Credentials.prepare(settings.home());
            demo = Demo.start(settings.home(), Map.of());
            fleet = new Fleet(settings, progress);
            var properties = new HashMap<>(demo.properties());
            properties.putAll(more);
            fleet.start(properties);
            demo.present(settings, progress);
        }

        String shown() {
            return out.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            demo.close();
            fleet.close();
        }
    }
}
