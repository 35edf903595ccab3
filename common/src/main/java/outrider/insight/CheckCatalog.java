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
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Every check there is, read from the class path and the jars of [CheckJars]: each jar with checks lists their ids in
/// `checks/index`, one a line, and defines each in `checks/<id>.yml`.
public final class CheckCatalog {

    private static final String INDEX = "checks/index";
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private final Map<CheckId, CheckDefinition> checks;
    private final Map<String, Lane> checkers;

    private CheckCatalog(Map<CheckId, CheckDefinition> checks, Map<String, Lane> checkers) {
        this.checks = Collections.unmodifiableMap(checks);
        this.checkers = Collections.unmodifiableMap(checkers);
    }

    /// Reads the catalogue; an [IllegalStateException] names the definition that is missing or wrong.
    public static CheckCatalog load() {
        return load(CheckJars.loader());
    }

    /// Reads what that class loader sees.
    static CheckCatalog load(ClassLoader loader) {
        var checks = new TreeMap<CheckId, CheckDefinition>();
        var checkers = new TreeMap<String, Lane>();
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
        try (var in = open(index)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    private static InputStream open(URL file) throws IOException {
        var connection = file.openConnection();
        // What is cached may be of a jar that another has replaced.
        connection.setUseCaches(false);
        return connection.getInputStream();
    }

    private static CheckDefinition definition(URL index, String id) {
        // Beside its own index: another jar may have a file of the same name.
        var file = index.toString().replaceAll("index$", id + ".yml");
        try (var in = open(URI.create(file).toURL())) {
            var check = YAML.readValue(in, CheckDefinition.class);
            if (!check.id().value().equals(id)) {
                throw new IllegalStateException("%s defines %s".formatted(file, check.id()));
            }
            return check;
        } catch (IOException | JacksonException e) {
            throw new IllegalStateException("%s is missing or wrong: %s".formatted(file, e.getMessage()), e);
        }
    }
}
