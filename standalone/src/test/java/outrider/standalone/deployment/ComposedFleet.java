package outrider.standalone.deployment;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import outrider.standalone.RestFleet;

/// The fleet of `docker-compose.yml` beside the site of a test, in a project of its own. Its images are there
/// already.
final class ComposedFleet extends RestFleet {

    static final String PROJECT = "outrider-test";
    static final String ADDITIONS = "src/test/resources/compose-test.yml";

    private static final Map<String, Integer> PORTS =
            Map.of("scheduler", 8081, "insights-api", 8080, "checker-slow", 8082);

    private final Map<String, String> addresses = new HashMap<>();
    private final String token;

    ComposedFleet() {
        assumeTrue(engineAnswers(), "There is no Docker engine with Compose here: the fleet is not started.");
        compose("down", "--volumes", "--timeout", "1");
        up();
        token = compose(
                        "run",
                        "--rm",
                        "--no-TTY",
                        "--no-deps",
                        "--entrypoint",
                        "cat",
                        "keys",
                        "/keys/signing/admin.token")
                .strip();
    }

    /// Brings up what is not up, and waits until all of it is healthy.
    void up(String... arguments) {
        var command = new ArrayList<>(List.of("up", "--detach", "--wait", "--wait-timeout", "400", "--no-build"));
        command.addAll(List.of(arguments));
        compose(command.toArray(String[]::new));
        addresses.clear();
    }

    String compose(String... arguments) {
        var command = new ArrayList<>(List.of(
                "docker",
                "compose",
                "--project-name",
                PROJECT,
                "--project-directory",
                "..",
                "--file",
                Compose.FILE.toString(),
                "--file",
                ADDITIONS));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    /// The containers of a service.
    List<String> containers(String service) {
        return compose("ps", "--all", "--quiet", service).lines().toList();
    }

    @Override
    protected String url(String service) {
        return addresses.computeIfAbsent(
                service,
                unknown -> "http://"
                        + compose("port", service, PORTS.get(service).toString())
                                .strip());
    }

    @Override
    protected String token() {
        return token;
    }

    private static boolean engineAnswers() {
        try {
            run("docker", "info");
            run("docker", "compose", "version");
            return true;
        } catch (UncheckedIOException | IllegalStateException e) {
            return false;
        }
    }

    /// What the command says; an exception with its output when it fails.
    static String run(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.PIPE)
                    .start();
            var errors = new StringBuilder();
            var reader = Thread.ofVirtual().start(() -> errors.append(text(process.getErrorStream())));
            var output = text(process.getInputStream());
            reader.join();
            if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ":\n" + output + errors);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        super.close();
        compose("down", "--volumes", "--timeout", "1");
    }
}
