package outrider.standalone;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes `docs/configuration.md`.
final class ConfigurationPage {

    private static final String HEAD = """
            # Configuration

            Made by `make docs` from the services' settings; do not edit it.

            Each service reads Spring's usual sources: environment variables (the second column; dashes may also be underscores), `--name=value` arguments, or a file named by
            `SPRING_CONFIG_ADDITIONAL_LOCATION`; secrets also as files of a directory, `SPRING_CONFIG_IMPORT=configtree:/secrets/`. A value that makes no sense stops the
            start with a sentence that names it. Durations are written `30s`, `5m`, `P7D`; sizes `512KB`, `8MB`; lists with commas.

            ## One machine

            `make run` reads these from the environment, and passes every other variable on to the services.

            | variable | default | what it is |
            |---|---|---|
            | `OUTRIDER_HOME` | `./data` | where all data is kept |
            | `OUTRIDER_ADDRESS` | `127.0.0.1` | the local address the services listen on |
            | `OUTRIDER_INSIGHTS_PORT`, `OUTRIDER_SCHEDULER_PORT`, `OUTRIDER_CHECKER_PORT` | 8080, 8081, 8082 | their ports |
            | `OUTRIDER_LOG_LEVEL` | `INFO` | how much goes to the log |
            | `OUTRIDER_CHECKS_JARS` | | a directory of jars with checks of your own; deployed services read it too |

            ## The platform's

            These are Spring's; the ones every installation needs or often asks for. Its [reference](https://docs.spring.io/spring-boot/appendix/application-properties/index.html) has the rest.

            | property | environment | what it is |
            |---|---|---|
            %s
            """;

    private static final Map<String, String> PLATFORM = platformSettings();

    private ConfigurationPage() {}

    /// The platform's settings that the page names.
    static Collection<String> platform() {
        return PLATFORM.keySet();
    }

    static String of(Collection<Setting> settings) {
        var sections = settings.stream()
                .collect(Collectors.groupingBy(
                        setting -> setting.name().split("[.]").length > 2
                                ? "outrider." + setting.name().split("[.]")[1]
                                : "outrider",
                        LinkedHashMap::new,
                        Collectors.toList()));
        var platform = PLATFORM.entrySet().stream()
                .map(setting -> "| `%s` | `%s` | %s |"
                        .formatted(setting.getKey(), Setting.environment(setting.getKey()), setting.getValue()))
                .collect(Collectors.joining("\n"));
        return HEAD.formatted(platform)
                + sections.entrySet().stream()
                        .map(section -> section(section.getKey(), section.getValue()))
                        .collect(Collectors.joining());
    }

    private static String section(String prefix, List<Setting> settings) {
        return """

                ## `%s`

                | property | environment | type | default | read by | what it is |
                |---|---|---|---|---|---|
                %s
                """.formatted(
                        prefix, settings.stream().map(ConfigurationPage::row).collect(Collectors.joining("\n")));
    }

    private static String row(Setting setting) {
        return "| `%s` | `%s` | %s | %s | %s | %s |"
                .formatted(
                        setting.name(),
                        Setting.environment(setting.name()),
                        setting.type(),
                        setting.value().isEmpty() ? "" : "`" + setting.value() + "`",
                        String.join(", ", setting.services()),
                        setting.description().replaceAll("\\s+", " ").replace("|", "\\|"));
    }

    private static Map<String, String> platformSettings() {
        var settings = new LinkedHashMap<String, String>();
        settings.put("server.port", "the port of the service: 8080 insights API, 8081 scheduler, 8082 checker");
        settings.put(
                "spring.datasource.url",
                "the database of scheduler and insights API; several hosts for failover: `jdbc:postgresql://one,two/outrider`");
        settings.put("spring.datasource.username", "its user");
        settings.put("spring.datasource.password", "and the password");
        settings.put("spring.datasource.hikari.maximum-pool-size", "connections of one replica");
        settings.put("spring.kafka.bootstrap-servers", "the brokers, of all services");
        settings.put("spring.kafka.security.protocol", "`SSL` or `SASL_SSL` where the brokers want it");
        settings.put("spring.lifecycle.timeout-per-shutdown-phase", "how long a stop may take");
        settings.put(
                "logging.structured.format.console",
                "`ecs`, `logstash` or `gelf`: one JSON object a line; the images set `ecs`");
        settings.put("management.tracing.sampling.probability", "the share of traces that is recorded; 0.1");
        settings.put(
                "management.opentelemetry.tracing.export.otlp.endpoint",
                "where traces go: `http://collector:4318/v1/traces`; nowhere if not given");
        return settings;
    }
}
