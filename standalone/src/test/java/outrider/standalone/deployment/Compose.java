package outrider.standalone.deployment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;

/// The compose file, with the fields that it uses and no others.
record Compose(String name, Map<String, Part> services, Map<String, @Nullable JsonNode> volumes) {

    static final Path FILE = Path.of("../docker-compose.yml");

    record Part(
            String image,
            @Nullable Build build,
            @Nullable String restart,
            @JsonProperty("read_only") @Nullable Boolean readOnly,
            @Nullable List<String> tmpfs,
            @JsonProperty("mem_limit") @Nullable String memory,
            @JsonProperty("stop_grace_period") @Nullable String grace,
            @Nullable List<String> profiles,
            @Nullable List<String> entrypoint,
            @Nullable List<String> command,
            @JsonProperty("network_mode") @Nullable String networkMode,
            @Nullable List<String> ports,
            @Nullable Map<String, String> environment,
            @Nullable List<String> volumes,
            @JsonProperty("depends_on") @Nullable Map<String, Dependency> dependsOn,
            @Nullable Healthcheck healthcheck) {

        Map<String, Dependency> dependencies() {
            return dependsOn == null ? Map.of() : dependsOn;
        }

        Map<String, String> variables() {
            return environment == null ? Map.of() : environment;
        }
    }

    record Build(String context, Map<String, String> args) {}

    record Dependency(String condition) {}

    record Healthcheck(
            List<String> test, String interval, @Nullable String timeout, int retries) {}

    static Compose read() throws IOException {
        // This parser, unlike the other one, follows anchors and merges.
        Map<String, Object> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FILE));
        file.keySet().removeIf(key -> key.startsWith("x-"));
        return Manifests.YAML.convertValue(file, Compose.class);
    }
}
