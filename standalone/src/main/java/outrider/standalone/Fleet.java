package outrider.standalone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import outrider.embedded.EmbeddedBroker;
import outrider.embedded.EmbeddedDatabase;

/// The database, the broker and the three services in this JVM. They start side by side where they can, and stop in
/// the order of [Part].
final class Fleet implements AutoCloseable {
    /// What stops first needs what stops later.
    private enum Part {
        SCHEDULER,
        CHECKER,
        INSIGHTS,
        BROKER,
        DATABASE;

        static Part of(Service service) {
            return valueOf(service.name());
        }
    }

    private static final Logger log = LoggerFactory.getLogger(Fleet.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Settings settings;
    private final Progress progress;
    private final Map<Part, AutoCloseable> running = new EnumMap<>(Part.class);
    private final Map<Part, Future<?>> starting = new ConcurrentHashMap<>();
    private boolean closed;

    Fleet(Settings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /// Brings everything up.
    ///
    /// @param more properties for all services beside those that tie them together
    void start(Map<String, String> more) {
        var home = settings.home();
        EmbeddedDatabase.stopLeftover(home.postgres());
        var ports = new KeptPorts(home.ports());
        int postgres = ports.of("postgres", 15_432);
        int kafka = ports.of("kafka", 19_092);
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("start-", 0).factory())) {
            var database = begin(threads, Part.DATABASE, "PostgreSQL 18", local(postgres), () -> {
                var started = EmbeddedDatabase.start(home.postgres(), postgres);
                started.createDatabase("outrider");
                return started;
            });
            var broker = begin(
                    threads, Part.BROKER, "Kafka 4.2", local(kafka), () -> EmbeddedBroker.start(home.kafka(), kafka));
            var launcher = new Launcher(settings, await(database), await(broker), more);
            var services = new ArrayList<Future<?>>();
            for (var service : Service.values()) {
                services.add(begin(
                        threads,
                        Part.of(service),
                        service.title(),
                        settings.url(service),
                        () -> launcher.launch(service)));
            }
            services.forEach(Fleet::await);
        }
    }

    /// Stops what runs, each part after those that need it. A database or broker that is just starting is waited for,
    /// so that it does not outlive this process.
    @Override
    public void close() {
        settle(Part.BROKER);
        settle(Part.DATABASE);
        List<AutoCloseable> parts;
        synchronized (running) {
            closed = true;
            parts = List.copyOf(running.values());
            running.clear();
        }
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                log.warn("{} did not stop cleanly", part, e);
            }
        }
    }

    private <T extends AutoCloseable> Future<T> begin(
            ExecutorService threads, Part part, String name, String where, Callable<T> start) {
        var future = threads.submit(() -> keep(part, progress.step(name, where, start)));
        starting.put(part, future);
        return future;
    }

    private <T extends AutoCloseable> T keep(Part part, T started) throws Exception {
        synchronized (running) {
            if (!closed) {
                running.put(part, started);
                return started;
            }
        }
        started.close();
        throw new CannotStartException("Stopped while starting.");
    }

    private void settle(Part part) {
        var future = starting.get(part);
        if (future != null) {
            try {
                future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                log.debug("{} never came up", part, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted while starting.");
        }
    }

    private static String local(int port) {
        return "127.0.0.1:" + port;
    }
}
