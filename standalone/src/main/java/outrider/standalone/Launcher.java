package outrider.standalone;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.checker.CheckerApplication;
import outrider.embedded.EmbeddedBroker;
import outrider.embedded.EmbeddedDatabase;
import outrider.insights.InsightsApplication;
import outrider.scheduler.SchedulerApplication;

/// Launches a service as the same Spring application that is deployed alone, with settings that tie it to the
/// others.
final class Launcher {
    static {
        // Three applications in one JVM would each set up the log anew; it is set up once, by logback.xml and this.
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private final Settings settings;
    private final EmbeddedDatabase database;
    private final EmbeddedBroker broker;
    private final Map<String, String> more;

    Launcher(Settings settings, EmbeddedDatabase database, EmbeddedBroker broker, Map<String, String> more) {
        this.settings = settings;
        this.database = database;
        this.broker = broker;
        this.more = Map.copyOf(more);
    }

    ConfigurableApplicationContext launch(Service service) {
        // As arguments: they must outweigh both the service's own configuration and the environment.
        var arguments = properties(service).entrySet().stream()
                .map(property -> "--%s=%s".formatted(property.getKey(), property.getValue()))
                .toArray(String[]::new);
        return builder(service).registerShutdownHook(false).run(arguments);
    }

    private static SpringApplicationBuilder builder(Service service) {
        return switch (service) {
            case SCHEDULER -> SchedulerApplication.builder();
            case CHECKER -> CheckerApplication.builder();
            case INSIGHTS -> InsightsApplication.builder();
        };
    }

    private Map<String, String> properties(Service service) {
        var home = settings.home();
        var properties = new LinkedHashMap<>(more);
        properties.put("server.address", settings.address());
        properties.put("server.port", Integer.toString(settings.port(service)));
        properties.put("spring.kafka.bootstrap-servers", broker.bootstrapServers());
        properties.put("management.metrics.use-global-registry", "false");
        properties.put("outrider.tokens.jwks", home.keys().resolve("jwks.json").toString());
        properties.put(
                "outrider.keys.signing", home.keys().resolve("token-key.json").toString());
        properties.put("outrider.tokens.bearer", home.checkerToken().toString());
        for (var other : Service.values()) {
            properties.put("outrider.%s.url".formatted(other.name().toLowerCase(Locale.ROOT)), settings.url(other));
        }
        if (service == Service.CHECKER) {
            properties.put("outrider.egress.own", neverDialled());
        } else {
            properties.put("spring.datasource.url", database.jdbcUrl("outrider"));
            properties.put("spring.datasource.username", database.user());
        }
        return properties;
    }

    /// What listens in this process that the checker has no other reason to know, beside what the operator names.
    private String neverDialled() {
        var embedded = "%s,127.0.0.1:%d".formatted(database.jdbcUrl("outrider"), broker.controllerPort());
        var operators = System.getenv().getOrDefault("OUTRIDER_EGRESS_OWN", "");
        return operators.isBlank() ? embedded : embedded + "," + operators;
    }
}
