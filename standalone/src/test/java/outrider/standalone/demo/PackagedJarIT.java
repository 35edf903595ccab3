package outrider.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.FreePort;
import outrider.standalone.Service;
import outrider.standalone.Settings;

/// Starts `outrider.jar` as `make run DEMO=1` does: with the libraries that were packed, and no others. It runs
/// once the jar is packaged.
class PackagedJarIT {

    private static final Path JAR = Path.of("target", "outrider.jar");
    private static final String SHOWN = "Mend the site";

    @TempDir
    Path home;

    @Test
    void the_packed_jar_starts_scans_answers_and_ends_when_told_to() throws Exception {
        var environment = environment();
        var output = home.resolve("output.txt");
        var process = start(environment, output);
        try {
            await("the demo is shown")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> !process.isAlive() || text(output).contains(SHOWN));
            assertThat(text(output)).contains(SHOWN);
            answers(Settings.of(environment));

            process.destroy();

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(text(output)).isTrue();
            assertThat(process.exitValue()).as(text(output)).isZero();
        } finally {
            end(process);
        }
    }

    private static void answers(Settings settings) {
        try (var api = new Api(settings)) {
            for (var service : Service.values()) {
                assertThat(api.get(service, "/actuator/health").path("status").asString())
                        .as(service.name())
                        .isEqualTo("UP");
            }
            await("all of the fleet answers")
                    .until(() -> api.get(Service.INSIGHTS, "/admin/overview")
                            .path("trouble")
                            .values()
                            .isEmpty());
            api.post(Service.SCHEDULER, "/admin/keys", Map.of("name", "script", "scopes", List.of("insights:read")));
            assertThat(api.list(Service.SCHEDULER, "/admin/keys"))
                    .extracting(key -> key.path("name").asString())
                    .containsExactly("script");
            assertThat(DemoAccount.open(api).insights("open").stream()
                            .map(insight -> insight.path("check").asString())
                            .collect(Collectors.toSet()))
                    .contains("dns.spf", "http.hsts", "tls.chain");
        }
    }

    private Map<String, String> environment() {
        var environment =
                new HashMap<>(Map.of("OUTRIDER_HOME", home.resolve("data").toString()));
        for (var service : Service.values()) {
            environment.put("OUTRIDER_%s_PORT".formatted(service), Integer.toString(FreePort.find()));
        }
        return environment;
    }

    private static Process start(Map<String, String> environment, Path output) throws IOException {
        var java = ProcessHandle.current().info().command().orElseThrow();
        var builder = new ProcessBuilder(java, "-Xmx1g", "-XX:TieredStopAtLevel=1", "-jar", JAR.toString(), "--demo");
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    /// Its database is a process of its own, which would outlive it if it were killed.
    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroyForcibly();
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file);
    }
}
