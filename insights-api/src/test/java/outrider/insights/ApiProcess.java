package outrider.insights;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import outrider.embedded.FreePort;

/// The API as a process of its own, which can be killed. It takes no part in the group of the inventory.
public final class ApiProcess implements AutoCloseable {

    private final Process process;
    private final int port;

    private ApiProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts it and waits until it answers.
    public static ApiProcess start(String databaseUrl, Path log, String... settings) {
        var port = FreePort.find();
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                InsightsApplication.class.getName()));
        command.addAll(TestApi.settings(port, databaseUrl, settings));
        command.add("--spring.kafka.listener.auto-startup=false");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            var api = new ApiProcess(process, port);
            await().atMost(Duration.ofMinutes(2)).until(() -> api.answers(log));
            return api;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /// With -9, and waits until it is gone.
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    private boolean answers(Path log) throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("the API ended by itself:\n" + Files.readString(log));
        }
        try (var _ = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
