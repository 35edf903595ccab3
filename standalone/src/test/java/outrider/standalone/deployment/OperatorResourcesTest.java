package outrider.standalone.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.scan.Lane;
import outrider.scan.TopicSpec;

/// Holds what the operators are told to what the services do. A cluster checks little of it: a typo in a trigger of
/// KEDA passes every schema.
class OperatorResourcesTest {

    private static final Map<String, Set<String>> KNOWN = Map.of(
            "prometheus", Set.of("serverAddress", "query", "threshold", "ignoreNullValues"),
            "kafka",
                    Set.of(
                            "bootstrapServers",
                            "consumerGroup",
                            "topic",
                            "lagThreshold",
                            "offsetResetPolicy",
                            "allowIdleConsumers",
                            "excludePersistentLag"));

    @Test
    void the_topics_are_those_that_the_services_would_make() {
        var topics = Kustomize.production().custom(CustomResource.KafkaTopic.class);

        assertThat(topics.entrySet().stream()
                        .map(topic -> new TopicSpec(
                                topic.getKey(),
                                topic.getValue().partitions(),
                                topic.getValue().config().entrySet().stream()
                                        .collect(Collectors.toMap(
                                                Map.Entry::getKey,
                                                entry -> entry.getValue().asString())))))
                .containsExactlyInAnyOrderElementsOf(TopicSpec.fleet(30, Duration.ofDays(14)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"keda", "keda-lag"})
    void checkers_scale_within_the_partitions_slowly_in_and_never_for_want_of_a_figure(String component) {
        var scaled = scaled(component);

        assertThat(scaled.keySet()).containsExactlyInAnyOrder("checker-fast", "checker-slow");
        assertThat(scaled.values()).allSatisfy(object -> {
            assertThat(object.minReplicaCount()).isGreaterThanOrEqualTo(2);
            assertThat(object.maxReplicaCount()).isEqualTo(partitions());
            assertThat(object.fallback().behavior()).isEqualTo("currentReplicasIfHigher");
            assertThat(object.fallback().replicas()).isGreaterThanOrEqualTo(object.minReplicaCount());
            var down =
                    object.advanced().horizontalPodAutoscalerConfig().behavior().scaleDown();
            assertThat(down.stabilizationWindowSeconds()).isBetween(300, 3600);
            assertThat(down.policies()).allSatisfy(policy -> {
                assertThat(policy.type()).isEqualTo("Pods");
                assertThat(policy.value()).isEqualTo(1);
                assertThat(policy.periodSeconds()).isGreaterThanOrEqualTo(60);
            });
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"keda", "keda-lag"})
    void every_trigger_has_the_fields_of_its_type_and_every_lane_its_trigger(String component) {
        var triggers = scaled(component).values().stream()
                .flatMap(object -> object.triggers().stream())
                .toList();

        assertThat(triggers).allSatisfy(trigger -> {
            // The fallback works with averages only.
            assertThat(trigger.metricType()).isEqualTo("AverageValue");
            assertThat(trigger.metadata().keySet()).isEqualTo(KNOWN.get(trigger.type()));
            assertThat(trigger.metadata())
                    .containsEntry(component.equals("keda") ? "ignoreNullValues" : "excludePersistentLag", "false");
        });
        for (var lane : Lane.values()) {
            assertThat(triggers).filteredOn(trigger -> isAbout(lane, trigger)).hasSize(1);
        }
    }

    private static boolean isAbout(Lane lane, CustomResource.Trigger trigger) {
        var metadata = trigger.metadata();
        return trigger.type().equals("kafka")
                ? lane.group().equals(metadata.get("consumerGroup"))
                        && lane.topic().equals(metadata.get("topic"))
                : metadata.get("query")
                        .equals("sum(lane_backlog{namespace=\"outrider\",lane=\"%s\"})".formatted(lane.id()));
    }

    @Test
    void an_autoscaler_alone_owns_the_number_of_checkers() {
        assertThat(Kustomize.production().workloads())
                .filteredOn(Workload::isChecker)
                .hasSize(2)
                .allSatisfy(workload -> assertThat(workload.replicas()).isNull());
    }

    @Test
    void static_membership_is_for_the_classic_protocol_and_named_after_the_pod() {
        var checkers = Kustomize.build(Kustomize.all()
                        .filter(directory -> directory.endsWith("/checker-static-membership"))
                        .findFirst()
                        .orElseThrow())
                .workloads()
                .stream()
                .filter(Workload::isChecker)
                .toList();
        var prefix = "SPRING_KAFKA_CONSUMER_PROPERTIES_";

        assertThat(checkers).hasSize(2).allSatisfy(checker -> {
            assertThat(checker.env(prefix + "GROUP_PROTOCOL")).contains("classic");
            assertThat(checker.env(prefix + "PARTITION_ASSIGNMENT_STRATEGY")).isPresent();
            assertThat(checker.container().getEnv())
                    .filteredOn(variable -> variable.getName().equals(prefix + "GROUP_INSTANCE_ID"))
                    .singleElement()
                    .satisfies(variable -> assertThat(
                                    variable.getValueFrom().getFieldRef().getFieldPath())
                            .isEqualTo("metadata.name"));
        });
        // The brokers own these under the newer protocol, which refuses clients that set them.
        assertThat(Kustomize.base().workloads().stream().flatMap(workload -> workload.container().getEnv().stream()))
                .noneMatch(variable -> variable.getName().startsWith(prefix));
    }

    private static int partitions() {
        return Kustomize.production()
                .custom(CustomResource.KafkaTopic.class)
                .get(Lane.FAST.topic())
                .partitions();
    }

    private static Map<String, CustomResource.ScaledObject> scaled(String component) {
        return Kustomize.build(Kustomize.all()
                        .filter(directory -> directory.endsWith("/" + component))
                        .findFirst()
                        .orElseThrow())
                .custom(CustomResource.ScaledObject.class);
    }
}
