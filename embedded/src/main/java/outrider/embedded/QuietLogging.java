package outrider.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import java.util.Map;
import org.slf4j.LoggerFactory;

/// Keeps the chatter of the embedded parts out of the host's log, also after a host such as Spring has reset it; levels
/// the host sets itself win.
final class QuietLogging implements LoggerContextListener {
    private static final Map<String, Level> LEVELS = Map.ofEntries(
            Map.entry("kafka", Level.WARN),
            Map.entry("org.apache.kafka", Level.WARN),
            Map.entry("state.change.logger", Level.WARN),
            // These warn of what is normal for one broker that starts and stops with its clients.
            Map.entry("org.apache.kafka.common.utils.AppInfoParser", Level.ERROR),
            Map.entry("kafka.server.DefaultAutoTopicCreationManager", Level.ERROR),
            Map.entry("org.apache.kafka.controller.QuorumController", Level.ERROR),
            Map.entry("org.apache.kafka.clients.NetworkClient", Level.ERROR),
            Map.entry("org.apache.kafka.clients.consumer.internals.CommitRequestManager", Level.ERROR),
            Map.entry("com.yammer", Level.WARN),
            Map.entry("io.zonky.test.db.postgres", Level.WARN),
            Map.entry("org.postgresql", Level.WARN));

    private static boolean installed;

    /// Sets the levels once per JVM; does nothing where the log goes elsewhere than to Logback.
    static synchronized void install() {
        if (!installed && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            installed = true;
            var quiet = new QuietLogging();
            context.addListener(quiet);
            quiet.onReset(context);
        }
    }

    @Override
    public boolean isResetResistant() {
        return true;
    }

    @Override
    public void onReset(LoggerContext context) {
        LEVELS.forEach((name, level) -> context.getLogger(name).setLevel(level));
    }

    @Override
    public void onStart(LoggerContext context) {}

    @Override
    public void onStop(LoggerContext context) {}

    @Override
    public void onLevelChange(Logger logger, Level level) {}
}
