package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds what lies in `observability/` together; that the metrics exist is in `FleetOfProcessesTest`.
class ObservabilityTest {

    @Test
    void each_alert_says_how_bad_it_is_and_names_its_runbook() {
        assertThat(Observability.alerts()).hasSize(12).allSatisfy(alert -> {
            assertThat(alert.labels().get("severity")).isIn("warning", "critical");
            assertThat(alert.annotations().get("summary")).isNotBlank();
            assertThat(alert.annotations().get("runbook_url"))
                    .isEqualTo("docs/runbooks/%s.md".formatted(alert.alert()));
            assertThat(Observability.read(
                            Observability.ROOT.resolve(alert.annotations().get("runbook_url"))))
                    .startsWith("# %s%n%n".formatted(alert.alert()));
        });
    }

    @Test
    void each_runbook_is_that_of_an_alert() throws IOException {
        try (Stream<Path> runbooks = Files.list(Observability.ROOT.resolve("docs/runbooks"))) {
            assertThat(runbooks.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Observability.alerts().stream()
                            .map(alert -> alert.alert() + ".md")
                            .toList());
        }
    }

    @Test
    void dashboards_leave_the_data_source_open_and_say_what_they_show() {
        assertThat(Observability.dashboards())
                .extracting(board -> board.get("uid").asString())
                .containsExactly("outrider-operator", "outrider-product");
        assertThat(Observability.panels()).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.at("/datasource/uid").asString()).isEqualTo("${datasource}");
            assertThat(panel.get("description").asString()).isNotBlank();
            assertThat(panel.get("targets").values()).isNotEmpty();
        });
    }

    @Test
    void each_alert_fires_when_it_should_and_is_silent_when_all_is_well() throws Exception {
        assumeThat(promtool())
                .as("promtool, of the package prometheus, is on the PATH")
                .isTrue();
        var output = Files.createTempFile("promtool-", ".log");

        var ended = new ProcessBuilder("promtool", "test", "rules", "alerts_test.yml")
                .directory(
                        Observability.ROOT.resolve("observability/prometheus").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();

        assertThat(ended).as(Observability.read(output)).isZero();
    }

    @Test
    void names_of_metrics_are_told_from_labels_and_functions() {
        assertThat(Observability.metrics())
                .contains("lane_queue_wait_seconds_bucket", "outrider_schedule_rate", "lane_settled_total")
                .doesNotContain("sum", "le", "lane", "rate", "histogram_quantile");
    }

    private static boolean promtool() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool")));
    }
}
