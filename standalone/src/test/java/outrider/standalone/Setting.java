package outrider.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;
import outrider.scan.Wire;
import tools.jackson.databind.JsonNode;

/// One property of ours, as its record and the configuration files of the services declare it.
///
/// @param services who reads it
/// @param value what holds where nobody sets it; empty: none
record Setting(String name, Set<String> services, String type, String value, String description) {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final Map<String, String> FILES =
            Map.of("scheduler", "scheduler.yml", "checker", "checker.yml", "insights", "insights.yml");
    private static final Map<String, String> SERVICES =
            Map.of("scheduler", "scheduler", "checker", "checker", "insights", "insights API", "web", "all three");

    /// All of ours, by name.
    static Collection<Setting> all() {
        var files = new HashMap<String, Map<Object, Object>>();
        FILES.forEach((module, file) -> files.put(module, flat(file)));
        var settings = new TreeMap<String, Setting>();
        metadata()
                .filter(property -> property.path("sourceType").asString("").startsWith("outrider."))
                .map(property -> of(property, files))
                .forEach(setting -> settings.merge(setting.name(), setting, Setting::and));
        return settings.values();
    }

    /// The names of those that are not ours.
    static Set<String> platform() {
        return metadata()
                .map(property -> property.path("name").asString())
                .filter(name -> !name.startsWith("outrider."))
                .collect(Collectors.toSet());
    }

    static String environment(String name) {
        return name.replace(".", "_").replace("-", "").toUpperCase(Locale.ROOT);
    }

    private static Setting of(JsonNode property, Map<String, Map<Object, Object>> files) {
        var name = property.get("name").asString();
        var module = property.get("sourceType").asString().split("[.]")[1];
        var configured = files.getOrDefault(module, Map.of()).get(name);
        return new Setting(
                name,
                Set.of(SERVICES.getOrDefault(module, module)),
                type(property.get("type").asString()),
                configured == null ? text(property.path("defaultValue")) : configured.toString(),
                property.path("description").asString(""));
    }

    private Setting and(Setting other) {
        var both = new TreeSet<>(services);
        both.addAll(other.services);
        return new Setting(name, both, type, value.isEmpty() ? other.value : value, longer(other));
    }

    private String longer(Setting other) {
        return description.length() < other.description.length() ? other.description : description;
    }

    private static String text(JsonNode value) {
        return value.isArray()
                ? value.values().stream().map(JsonNode::asString).collect(Collectors.joining(","))
                : value.asString("");
    }

    private static String type(String type) {
        var name = type.replaceAll("<.*", "");
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "Integer", "Long", "Double" -> "number";
            case "Boolean" -> "true or false";
            case "Duration" -> "duration";
            case "DataSize" -> "size";
            case "Path" -> "path";
            case "URI" -> "address";
            case "List", "Set" -> "list";
            case "Map" -> "map";
            default -> "text";
        };
    }

    private static Stream<JsonNode> metadata() {
        try {
            var found = new ArrayList<JsonNode>();
            for (var file : Collections.list(Setting.class.getClassLoader().getResources(METADATA))) {
                try (var text = file.openStream()) {
                    found.addAll(List.copyOf(
                            Wire.JSON.readTree(text).get("properties").values()));
                }
            }
            return found.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<Object, Object> flat(String file) {
        var yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ClassPathResource(file));
        return Map.copyOf(yaml.getObject());
    }
}
