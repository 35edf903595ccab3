package outrider.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import outrider.embedded.EmbeddedBroker;

/// The one broker of a run, in a JVM of its own so that its heap and collector are apart from the arms'.
public final class Broker implements AutoCloseable {
    private final Path data;
    private final ChildJvm jvm;
    private final String bootstrap;

    private Broker(Path data, ChildJvm jvm, String bootstrap) {
        this.data = data;
        this.jvm = jvm;
        this.bootstrap = bootstrap;
    }

    /// Starts it on an empty directory, which goes when it is closed.
    public static Broker start() throws IOException {
        var data = Files.createTempDirectory("outrider-bench-");
        var jvm = ChildJvm.start(Broker.class, "1g", data.toString());
        return new Broker(data, jvm, jvm.awaitAnswer());
    }

    /// The address for `bootstrap.servers`.
    public String bootstrap() {
        return bootstrap;
    }

    /// The processor time it has taken so far, in nanoseconds.
    public long processorTime() {
        return jvm.processorTime();
    }

    @Override
    public void close() throws IOException {
        jvm.close();
        try (var files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /// The child: runs the broker in the given directory until the parent ends it.
    static void main(String[] arguments) throws IOException {
        try (var broker = EmbeddedBroker.start(Path.of(arguments[0]), 0)) {
            ChildJvm.answer(broker.bootstrapServers());
            ChildJvm.awaitEnd();
        }
    }
}
