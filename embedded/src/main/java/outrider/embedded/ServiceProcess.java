package outrider.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A service in a process of its own on this JVM's class path, which can be killed.
public final class ServiceProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final int port;

    private ServiceProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts it and waits until something listens on its port; an [EmbeddedException] with its log when that does
    /// not come to pass.
    ///
    /// @param port that it is told to listen on by its arguments
    public static ServiceProcess start(Class<?> main, int port, Path log, List<String> arguments) {
        try {
            var process = JavaCommand.of(main, List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"), arguments)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            var service = new ServiceProcess(process, port);
            service.await(log);
            return service;
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

    private void await(Path log) throws IOException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!answers()) {
                if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
                    kill();
                    throw new EmbeddedException("the service does not run:\n" + Files.readString(log));
                }
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            throw new EmbeddedException("interrupted while the service started", e);
        }
    }

    private boolean answers() {
        try (var _ = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
