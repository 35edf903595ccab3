package outrider.standalone;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// The one log of all three services: everything to a file, warnings to the terminal too. The rest is in `logback.xml`.
final class LogSetup {
    private LogSetup() {}

    /// Must come before anything logs.
    static void into(Home home) {
        System.setProperty("outrider.logs", home.logs().toString());
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /// While everything stops, what complains that something else has stopped goes to the file only.
    static void muteTerminal() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender("terminal");
        }
    }
}
