package outrider.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// One Kafka broker per JVM for all its tests; tests keep apart by their topics and groups.
public final class TestBroker {
    private TestBroker() {}

    /// The shared broker; it ends, and its data go, with the JVM.
    public static EmbeddedBroker shared() {
        return Shared.BROKER;
    }

    private static EmbeddedBroker start() {
        try {
            var data = Files.createTempDirectory("outrider-kafka-");
            var broker = EmbeddedBroker.start(data, 0);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(data), "delete-test-broker"));
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // A leftover in the temporary directory is not worth a failed run.
        }
    }

    private static final class Shared {
        static final EmbeddedBroker BROKER = start();
    }
}
