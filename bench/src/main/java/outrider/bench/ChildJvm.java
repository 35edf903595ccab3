package outrider.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A JVM of its own with the class path of this one. Its answers are read line by line; its errors go to ours.
/// It is told to end by the end of its input, so it does not outlive a harness that was killed.
public final class ChildJvm implements AutoCloseable {
    private static final String ANSWER = "ANSWER ";

    private final Process process;
    private final BufferedReader lines;

    private ChildJvm(Process process) {
        this.process = process;
        this.lines = process.inputReader();
    }

    /// @param heap its `-Xmx`, such as `512m`
    public static ChildJvm start(Class<?> main, String heap, String... arguments) {
        return start(main, heap, List.of(), arguments);
    }

    /// @param heap its `-Xmx`, such as `512m`
    /// @param options further ones of the JVM
    public static ChildJvm start(Class<?> main, String heap, List<String> options, String... arguments) {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx" + heap,
                "--enable-native-access=ALL-UNNAMED",
                // Kafka uses what newer JDKs warn of.
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        try {
            return new ChildJvm(
                    new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// In the child: tells the parent.
    public static void answer(Object what) {
        System.out.println(ANSWER + what);
    }

    /// The next answer of the child; waits for it.
    ///
    /// @throws BenchException when it ends instead
    public String awaitAnswer() {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ANSWER)) {
                    return line.substring(ANSWER.length());
                }
                System.err.println(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new BenchException("a child JVM ended without an answer: " + process.info());
    }

    /// The processor time it has taken so far, in nanoseconds; 0 where the system does not tell.
    public long processorTime() {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /// Ends it as a crash would: kill -9, and waits until it is gone.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// In the child: blocks until the parent closes it or is gone.
    public static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // Nothing is ever said to a child.
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
