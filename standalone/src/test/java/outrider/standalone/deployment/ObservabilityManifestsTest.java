package outrider.standalone.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds the manifests to the files in `observability/`, which Prometheus and Grafana also read as they are; with
/// the property `outrider.docs.write` it writes them anew.
class ObservabilityManifestsTest {

    private static final Path OBSERVABILITY = Path.of("../observability");

    @Test
    void the_rules_for_the_operator_are_the_alerts() throws IOException {
        var alerts = OBSERVABILITY.resolve("prometheus/alerts.yml");
        var groups = Files.exists(alerts) ? Files.readString(alerts) : "groups: []\n";

        upToDate(Kustomize.K8S.resolve("components/prometheus-operator/rules.yaml"), """
                # Made by `make docs` from observability/prometheus/alerts.yml.
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata:
                  name: outrider
                spec:
                %s""".formatted(groups.indent(2)));
    }

    @Test
    void the_dashboards_for_the_sidecar_are_those_there_are() throws IOException {
        var directory = OBSERVABILITY.resolve("grafana/dashboards");
        String files;
        try (var dashboards = Files.list(directory)) {
            files = dashboards
                    .map(Path::getFileName)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .map(name -> "      - dashboards/" + name + "\n")
                    .collect(Collectors.joining());
        }

        upToDate(OBSERVABILITY.resolve("grafana/kustomization.yaml"), """
                # Made by `make docs` from the files in dashboards/.
                apiVersion: kustomize.config.k8s.io/v1alpha1
                kind: Component
                configMapGenerator:
                  - name: outrider-dashboards
                    options:
                      disableNameSuffixHash: true
                      labels: {grafana_dashboard: "1"}
                    files:%s
                """.formatted(
                        files.isEmpty() ? " []" : "\n" + files.stripTrailing()));
    }

    private static void upToDate(Path file, String wanted) throws IOException {
        if (Boolean.getBoolean("outrider.docs.write")) {
            Files.writeString(file, wanted);
        }
        assertThat(file).as("run `make docs` and commit %s", file).exists();
        assertThat(Files.readString(file)).as("run `make docs` and commit it").isEqualTo(wanted);
    }
}
