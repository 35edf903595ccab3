package outrider.standalone.deployment;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.databind.JsonNode;

/// Holds the manifests to what `docs/deploy.md` says of them. What `kubectl kustomize` makes of them is read
/// strictly, and every pod of every combination is looked at.
class ManifestsTest {

    static Stream<String> combinations() {
        return Kustomize.all();
    }

    @Test
    void every_file_of_resources_has_only_fields_that_its_kinds_know() throws IOException {
        try (var files = Files.walk(Kustomize.K8S)) {
            var resources = files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.endsWith("kustomization.yaml"))
                    .toList();

            assertThat(resources)
                    .hasSizeGreaterThan(15)
                    .allSatisfy(file -> assertThat(
                                    Manifests.of(Files.readString(file)).resources())
                            .as(file.toString())
                            .isNotEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: v1, kind: Service, metadata: {name: x}, spec: {port: 80}}",
                "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{nam: x}]}}}}",
                "{apiVersion: monitoring.coreos.com/v1, kind: PodMonitor, metadata: {name: x}, spec: {selectors: {}}}",
                "{apiVersion: v2, kind: Service, metadata: {name: x}}"
            })
    void a_field_or_kind_that_nobody_knows_is_refused(String manifest) {
        assertThatThrownBy(() -> Manifests.of(manifest)).hasMessageMatching("(?s).*(port|nam|selectors|v2/Service).*");
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void every_pod_is_restricted(String directory) {
        assertThat(Kustomize.build(directory).workloads())
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(workload -> {
                    var pod = workload.pod();
                    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
                    assertThat(pod.getEnableServiceLinks()).isFalse();
                    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
                    assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
                    assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                            .isEqualTo("RuntimeDefault");
                    assertThat(pod.getInitContainers()).isEmpty();
                    assertThat(pod.getContainers()).singleElement().satisfies(container -> {
                        var security = container.getSecurityContext();
                        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
                        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
                        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
                        assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
                        assertThat(container.getResources().getLimits().get("memory"))
                                .isEqualTo(
                                        container.getResources().getRequests().get("memory"));
                        assertThat(container.getReadinessProbe()).isNotNull();
                        assertThat(container.getLivenessProbe()).isNotNull();
                    });
                });
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void every_workload_has_an_account_of_its_own_without_a_token_and_a_budget_for_disruptions(String directory) {
        var manifests = Kustomize.build(directory);
        var accounts = manifests
                .all(ServiceAccount.class)
                .filter(account -> !account.getAutomountServiceAccountToken())
                .map(account -> account.getMetadata().getName())
                .toList();
        var budgets = manifests.all(PodDisruptionBudget.class).toList();

        assertThat(manifests.workloads()).allSatisfy(workload -> {
            assertThat(workload.pod().getServiceAccountName())
                    .isEqualTo(workload.name())
                    .isIn(accounts);
            assertThat(budgets)
                    .filteredOn(budget -> workload.isSelectedBy(budget.getSpec().getSelector()))
                    .singleElement()
                    .satisfies(budget ->
                            assertThat(budget.getSpec().getMaxUnavailable()).isNotNull());
        });
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void only_checkers_reach_the_internet_and_nothing_else_of_it(String directory) {
        var manifests = Kustomize.build(directory);
        var network = Network.of(manifests);

        assertThat(manifests.workloads()).allSatisfy(workload -> {
            assertThat(network.restricts(workload, "Ingress")).isTrue();
            assertThat(network.restricts(workload, "Egress")).isTrue();
            assertThat(network.reachesAll(workload)).isFalse();
            for (var address : List.of("93.184.215.14", "2606:2800:21f::1")) {
                assertThat(network.reaches(workload, address)).isEqualTo(workload.isChecker());
            }
            for (var address : List.of(
                    "169.254.169.254",
                    "168.63.129.16",
                    "100.100.100.200",
                    "fd00:ec2::254",
                    "10.96.0.1",
                    "172.17.0.1",
                    "192.168.1.1",
                    "127.0.0.1",
                    "0.0.0.0",
                    "224.0.0.1",
                    "::1",
                    "fe80::1",
                    "64:ff9b::a9fe:a9fe",
                    "2002:a9fe:a9fe::1")) {
                assertThat(network.reaches(workload, address)).as(address).isFalse();
            }
        });
    }

    /// The overlay that `docs/operations.md` shows.
    @Test
    void services_take_the_tokens_of_the_identity_provider_in_the_guide_and_reach_nobody_else() throws IOException {
        var guide = Files.readString(Path.of("../docs/operations.md"));
        var shown = guide.substring(guide.indexOf("```yaml\ncomponents: [../../components/identity-provider]"));
        var manifests = Kustomize.overlay("guide-identity-provider", shown.split("```(yaml\n)?")[1]);
        var network = Network.of(manifests);

        assertThat(manifests.all(ConfigMap.class).map(ConfigMap::getData))
                .filteredOn(data -> data.containsKey("OUTRIDER_TOKENS_JWKS"))
                .singleElement(as(InstanceOfAssertFactories.map(String.class, String.class)))
                .containsEntry("SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI", "https://id.your-domain.example")
                .containsEntry("SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_AUDIENCES", "outrider");
        assertThat(manifests.workloads())
                .filteredOn(workload -> !workload.isChecker())
                .hasSize(2)
                .allSatisfy(service -> {
                    assertThat(network.reaches(service, "203.0.113.7")).isTrue();
                    assertThat(network.reaches(service, "203.0.113.8")).isFalse();
                    assertThat(Network.of(Kustomize.base()).reaches(service, "203.0.113.7"))
                            .isFalse();
                });
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void only_the_services_reach_the_database_and_all_of_ours_reach_kafka(String directory) {
        var manifests = Kustomize.build(directory);
        var network = Network.of(manifests);
        var postgres = manifests.custom(CustomResource.Postgres.class).isEmpty()
                ? Map.of("outrider/data", "postgres")
                : Map.of("cnpg.io/cluster", "outrider-db");
        var kafka = manifests.custom(CustomResource.Kafka.class).isEmpty()
                ? Map.of("outrider/data", "kafka")
                : Map.of("strimzi.io/cluster", "outrider", "strimzi.io/kind", "Kafka");

        assertThat(manifests.workloads())
                .filteredOn(Workload::isOurs)
                .hasSize(4)
                .allSatisfy(workload -> {
                    assertThat(network.reaches(workload, postgres)).isEqualTo(!workload.isChecker());
                    assertThat(network.reaches(workload, kafka)).isTrue();
                });
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void a_pod_has_longer_to_end_than_its_service_takes_to_drain(String directory) throws IOException {
        var checker = settings("checker.yml");
        assertThat(Kustomize.build(directory).workloads())
                .filteredOn(Workload::isChecker)
                .allSatisfy(workload -> {
                    var phase = duration(workload.env("SPRING_LIFECYCLE_TIMEOUTPERSHUTDOWNPHASE")
                            .orElse(checker.at("/spring/lifecycle.timeout-per-shutdown-phase")
                                    .asString()));
                    for (var lane :
                            workload.env("OUTRIDER_CHECKER_LANES").orElseThrow().split(",")) {
                        var drain = duration(
                                workload.env("OUTRIDER_LANES_%s_SHUTDOWNDRAIN".formatted(lane.toUpperCase(Locale.ROOT)))
                                        .orElse(checker.at("/outrider/lanes/%s/shutdown-drain".formatted(lane))
                                                .asString()));
                        // After the drain: the last commit, the goodbye to the broker, interrupted jobs.
                        assertThat(phase).isGreaterThanOrEqualTo(drain.plusSeconds(20));
                    }
                    assertThat(Duration.ofSeconds(workload.pod().getTerminationGracePeriodSeconds()))
                            .isGreaterThan(phase.plusSeconds(10))
                            .isLessThan(Duration.ofMinutes(10));
                });
    }

    @Test
    void probes_ask_the_service_itself_and_liveness_neither_kafka_nor_the_database() throws IOException {
        assertThat(Kustomize.base().workloads()).allSatisfy(workload -> {
            assertThat(path(workload.container().getStartupProbe())).isEqualTo("/actuator/health/liveness");
            assertThat(path(workload.container().getLivenessProbe())).isEqualTo("/actuator/health/liveness");
            assertThat(path(workload.container().getReadinessProbe())).isEqualTo("/actuator/health/readiness");
        });
        for (var file : List.of("checker.yml", "scheduler.yml", "insights.yml")) {
            var group = settings(file).findValuesAsString("liveness.include");
            assertThat(group.stream().flatMap(names -> Stream.of(names.split(","))))
                    .as(file)
                    .isSubsetOf(Set.of("livenessState", "lanes", "dispatch"));
        }
    }

    @Test
    void an_upgrade_at_full_size_leaves_connections_free() {
        var manifests = Kustomize.production();
        var database = manifests.custom(CustomResource.Postgres.class).get("outrider-db");
        var pods = manifests.workloads().stream()
                .filter(workload -> workload.isOurs() && !workload.isChecker())
                .mapToInt(workload -> workload.replicas() == null ? 1 : workload.replicas())
                .sum();

        // A pool of 8 and a connection beside it each, and twice the pods while one generation follows another.
        assertThat(2 * pods * 9)
                .isLessThan(Integer.parseInt(database.postgresql().parameters().get("max_connections")) - 20);
    }

    private static String path(Probe probe) {
        return probe.getHttpGet().getPath();
    }

    private static Duration duration(String text) {
        return DurationStyle.detectAndParse(text);
    }

    private static JsonNode settings(String file) throws IOException {
        try (var stream = ManifestsTest.class.getResourceAsStream("/" + file)) {
            return Manifests.YAML.readTree(stream);
        }
    }
}
