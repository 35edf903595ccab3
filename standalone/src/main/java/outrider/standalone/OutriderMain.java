package outrider.standalone;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import outrider.embedded.EmbeddedBroker;
import outrider.standalone.demo.Demo;

/// Runs the whole of Outrider in the foreground of this process until it is told to stop.
public final class OutriderMain {
    private final Settings settings;
    private final HomeLock lock;
    private final Progress progress = new Progress(System.out);
    private final Fleet fleet;
    private volatile @Nullable Demo demo;
    private volatile boolean stopping;
    private volatile int status;

    private OutriderMain(Settings settings) {
        this.settings = settings;
        lock = Preflight.check(settings);
        LogSetup.into(settings.home());
        fleet = new Fleet(settings, progress);
    }

    /// Starts, and returns only when it cannot.
    ///
    /// @param arguments `--demo` brings up a deliberately weak site and scans it
    public static void main(String[] arguments) throws InterruptedException {
        try {
            new OutriderMain(Settings.of(System.getenv(), arguments)).run();
        } catch (CannotStartException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void run() throws InterruptedException {
        var home = settings.home();
        progress.say("Outrider starts in " + home.root());
        Credentials.prepare(home);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        EmbeddedBroker.death().thenAccept(reason -> fail("The embedded Kafka broker gave up: " + reason));
        try {
            var properties = Map.<String, String>of();
            if (settings.demo()) {
                var weak = Demo.start(home, System.getenv());
                demo = weak;
                properties = weak.properties();
            }
            fleet.start(properties);
            progress.say(Welcome.text(settings, Progress.seconds(sinceStart())));
            if (demo instanceof Demo weak) {
                weak.present(settings, progress);
            }
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(OutriderMain.class).debug("could not start", e);
            fail("Outrider could not start: %s".formatted(rootMessage(e)));
        }
        new CountDownLatch(1).await();
    }

    /// Ends the process because of something that nobody asked for.
    private void fail(String reason) {
        if (!stopping) {
            status = 1;
            System.err.println(
                    "%s (the log is %s)".formatted(reason, settings.home().log()));
            System.exit(1);
        }
    }

    private void stop() {
        stopping = true;
        LogSetup.muteTerminal();
        progress.say("\nStopping…");
        var from = System.nanoTime();
        if (demo instanceof Demo weak) {
            weak.close();
        }
        fleet.close();
        try {
            lock.close();
        } catch (IOException e) {
            LoggerFactory.getLogger(OutriderMain.class).warn("could not unlock", e);
        }
        progress.say("Stopped in %.1f s.".formatted(Progress.seconds(Duration.ofNanos(System.nanoTime() - from))));
        // A stop that was asked for is a success, whatever signal asked for it.
        Runtime.getRuntime().halt(status);
    }

    private static Duration sinceStart() {
        var start = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
        return Duration.between(start, Instant.now());
    }

    private static String rootMessage(Throwable e) {
        var cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("") + ".";
    }
}
