package outrider.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;
import outrider.scan.Wire;
import tools.jackson.databind.JsonNode;

/// What lies in `observability/`: the alerts and the dashboards, and the metrics they ask for.
final class Observability {

    static final Path ROOT = Path.of("..");
    private static final Path DASHBOARDS = ROOT.resolve("observability/grafana/dashboards");

    /// Label matchers, texts, ranges and lists of labels.
    private static final Pattern NO_METRICS =
            Pattern.compile("\\{[^}]*}|\"[^\"]*\"|\\[[^]]*]|\\b(by|without|on|ignoring) *\\([^)]*\\)");

    private static final Pattern NAME = Pattern.compile("\\b[a-z_][a-z0-9_]*\\b(?! *\\()");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "offset", "bool");

    private Observability() {}

    /// One alert rule.
    record Alert(String alert, String expr, Map<String, String> labels, Map<String, String> annotations) {}

    static List<Alert> alerts() {
        Map<String, List<Map<String, Object>>> rules =
                new Yaml().load(read(ROOT.resolve("observability/prometheus/alerts.yml")));
        return rules.get("groups").stream()
                .flatMap(group -> ((List<?>) group.get("rules")).stream())
                .map(rule -> Wire.JSON.convertValue(rule, Alert.class))
                .toList();
    }

    static List<JsonNode> dashboards() {
        return Stream.of("operator.json", "product.json")
                .map(file -> Wire.JSON.readTree(read(DASHBOARDS.resolve(file))))
                .toList();
    }

    static List<JsonNode> panels() {
        return dashboards().stream()
                .flatMap(board -> StreamSupport.stream(board.get("panels").spliterator(), false))
                .filter(panel -> !panel.get("type").asString().equals("row"))
                .toList();
    }

    /// The names in every expression, without those that Prometheus adds by itself.
    static Set<String> metrics() {
        var expressions = Stream.concat(
                alerts().stream().map(Alert::expr),
                panels().stream()
                        .flatMap(panel -> panel.get("targets").values().stream())
                        .map(target -> target.get("expr").asString()));
        var names = new TreeSet<String>();
        expressions.forEach(
                expression -> NAME.matcher(NO_METRICS.matcher(expression).replaceAll(""))
                        .results()
                        .forEach(name -> names.add(name.group())));
        names.removeAll(OPERATORS);
        names.remove("up");
        return names;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
