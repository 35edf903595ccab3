package outrider.insight;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import outrider.scan.CatalogRecord;
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
    private final Set<CheckId> disabled;
    private final String hash;

    private CheckCatalog(Map<CheckId, CheckDefinition> checks, Map<String, Lane> checkers, Set<CheckId> disabled) {
        this.checks = Collections.unmodifiableMap(checks);
        this.checkers = Collections.unmodifiableMap(checkers);
        this.disabled = Set.copyOf(disabled);
        this.hash = hash(published());
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
        return new CheckCatalog(checks, checkers, Set.of());
    }

    /// The same catalogue with these checks disabled; an [IllegalArgumentException] names one that is not in it.
    public CheckCatalog disable(Set<CheckId> ids) {
        for (var id : ids) {
            if (!checks.containsKey(id)) {
                throw new IllegalArgumentException(
                        "outrider.checks.disabled: there is no check '%s' in the catalogue".formatted(id));
            }
        }
        return new CheckCatalog(checks, checkers, ids);
    }

    /// All checks, in the order of their ids.
    public Collection<CheckDefinition> checks() {
        return checks.values();
    }

    /// The check of that id.
    public Optional<CheckDefinition> find(CheckId id) {
        return Optional.ofNullable(checks.get(id));
    }

    /// The checks of one checker that are not disabled, in the order of their ids.
    public Collection<CheckDefinition> checksOf(String checker) {
        return checks.values().stream()
                .filter(check -> check.checker().equals(checker) && !disabled.contains(check.id()))
                .toList();
    }

    /// The checkers by name, with the lane class of each.
    public Map<String, Lane> checkers() {
        return checkers;
    }

    /// Over the ids, their checkers and which are disabled: 32 hexadecimal digits, the same in every process.
    public String hash() {
        return hash;
    }

    /// What the fleet is told of it.
    public CatalogRecord record(Instant at) {
        return new CatalogRecord(hash, at, published());
    }

    private List<CatalogRecord.Check> published() {
        return checks.values().stream()
                .map(check -> new CatalogRecord.Check(check.id(), check.checker(), disabled.contains(check.id())))
                .toList();
    }

    private static String hash(List<CatalogRecord.Check> checks) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var check : checks) {
                var line = "%s %s %s\n".formatted(check.id(), check.checker(), check.disabled());
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
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
