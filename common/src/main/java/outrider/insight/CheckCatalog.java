package outrider.insight;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import outrider.scan.Lane;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Every check there is, read from the class path: each jar with checks lists their ids in `checks/index`, one a line,
/// and defines each in `checks/<id>.yml`.
public final class CheckCatalog {

    private static final String INDEX = "checks/index";
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final Map<CheckId, CheckDefinition> checks;
    private final Map<String, Lane> checkers;

    private CheckCatalog(Map<CheckId, CheckDefinition> checks, Map<String, Lane> checkers) {
        this.checks = Collections.unmodifiableMap(checks);
        this.checkers = Collections.unmodifiableMap(checkers);
    }

    /// Reads the catalogue; an [IllegalStateException] names the definition that is missing or wrong.
    public static CheckCatalog load() {
        var checks = new TreeMap<CheckId, CheckDefinition>();
        var checkers = new TreeMap<String, Lane>();
        var loader = CheckCatalog.class.getClassLoader();
        try {
            for (var index : Collections.list(loader.getResources(INDEX))) {
                for (var id : ids(index)) {
                    var check = definition(index, id);
                    if (checks.put(check.id(), check) != null) {
                        throw new IllegalStateException("The check %s is defined twice".formatted(id));
                    }
                    var lane = checkers.putIfAbsent(check.checker(), check.lane());
                    if (lane != null && lane != check.lane()) {
                        throw new IllegalStateException("The checks of %s disagree on its lane: see checks/%s.yml"
                                .formatted(check.checker(), id));
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("The catalogue of checks cannot be read", e);
        }
        return new CheckCatalog(checks, checkers);
    }

    /// All checks, in the order of their ids.
    public Collection<CheckDefinition> checks() {
        return checks.values();
    }

    /// The check of that id.
    public Optional<CheckDefinition> find(CheckId id) {
        return Optional.ofNullable(checks.get(id));
    }

    /// The checks of one checker, in the order of their ids.
    public Collection<CheckDefinition> checksOf(String checker) {
        return checks.values().stream()
                .filter(check -> check.checker().equals(checker))
                .toList();
    }

    /// The checkers by name, with the lane class of each.
    public Map<String, Lane> checkers() {
        return checkers;
    }

    private static Iterable<String> ids(URL index) throws IOException {
        try (var in = index.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        }
    }

    private static CheckDefinition definition(URL index, String id) {
        // Beside its own index: another jar may have a file of the same name.
        var file = index.toString().replaceAll("index$", id + ".yml");
        try (InputStream in = URI.create(file).toURL().openStream()) {
            var check = YAML.readValue(in, CheckDefinition.class);
            if (!check.id().value().equals(id)) {
                throw new IllegalStateException("checks/%s.yml defines %s".formatted(id, check.id()));
            }
            return check;
        } catch (IOException | JacksonException e) {
            throw new IllegalStateException("checks/%s.yml is missing or wrong: %s".formatted(id, e.getMessage()), e);
        }
    }
}
