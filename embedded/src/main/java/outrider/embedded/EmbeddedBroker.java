package outrider.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real Kafka broker and its controller inside this JVM, on 127.0.0.1 only, keeping its data in one directory.
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final CompletableFuture<String> death = new CompletableFuture<>();

    private final KafkaRaftServer server;
    private final int port;
    private final int controllerPort;

    private EmbeddedBroker(KafkaRaftServer server, int port, int controllerPort) {
        this.server = server;
        this.port = port;
        this.controllerPort = controllerPort;
    }

    /// Starts a broker on the directory, formatting it the first time and continuing what is there afterwards, also
    /// after a kill.
    ///
    /// @param data the directory; created when missing
    /// @param port where clients connect; 0 for a free one
    /// @throws EmbeddedException when the broker cannot start; says why
    public static EmbeddedBroker start(Path data, int port) {
        return start(data, port, Map.of());
    }

    /// The same with settings of the broker that differ from the usual ones.
    public static EmbeddedBroker start(Path data, int port, Map<String, String> settings) {
        QuietLogging.install();
        surviveFatalErrors();
        var broker = port == 0 ? FreePort.find() : port;
        var controller = FreePort.find();
        var properties = BrokerSettings.of(data, broker, controller);
        properties.putAll(settings);
        format(data);
        var server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw new EmbeddedException("Kafka did not start on port %d with %s".formatted(broker, data), e);
        }
        return new EmbeddedBroker(server, broker, controller);
    }

    /// The address for `bootstrap.servers`.
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /// The port clients connect to.
    public int port() {
        return port;
    }

    /// The port the broker's controller listens on, which is nobody else's business.
    public int controllerPort() {
        return controllerPort;
    }

    /// Completes with the reason when a broker of this JVM met an error that would end a process of its own, such
    /// as a failing disk.
    public static CompletionStage<String> death() {
        return death.minimalCompletionStage();
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path data) {
        // Written last by the formatter, so a run that was killed in between is formatted again.
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(data);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(BrokerSettings.NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER)
                    .setMetadataLogDirectory(data.toString())
                    .addDirectory(data.toString())
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new EmbeddedException("Kafka could not format " + data, e);
        }
    }

    /// Kafka ends its process on a fatal error. Here it is a guest: the host is told and decides.
    private static void surviveFatalErrors() {
        Exit.Procedure tell = (status, message) -> {
            var reason = message == null ? "the embedded Kafka broker gave up with status " + status : message;
            log.error("Kafka wanted to end the JVM: {}", reason);
            death.complete(reason);
        };
        Exit.setExitProcedure(tell);
        Exit.setHaltProcedure(tell);
    }
}
