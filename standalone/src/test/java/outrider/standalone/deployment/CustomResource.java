package outrider.standalone.deployment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A resource of a kind that an operator brings, with the fields that the manifests use: any other is a mistake, or
/// a reason to look it up in the operator's reference and add it here.
record CustomResource<S>(String apiVersion, String kind, ObjectMeta metadata, S spec) {

    /// The specification of each kind.
    static final Map<String, Class<?>> KINDS = Map.of(
            "keda.sh/v1alpha1/ScaledObject", ScaledObject.class,
            "kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class,
            "kafka.strimzi.io/v1/KafkaUser", KafkaUser.class,
            "kafka.strimzi.io/v1/KafkaNodePool", KafkaNodePool.class,
            "kafka.strimzi.io/v1/Kafka", Kafka.class,
            "postgresql.cnpg.io/v1/Cluster", Postgres.class,
            "monitoring.coreos.com/v1/PodMonitor", PodMonitor.class,
            "monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class);

    // KEDA

    record ScaledObject(
            Target scaleTargetRef,
            int minReplicaCount,
            int maxReplicaCount,
            int pollingInterval,
            Fallback fallback,
            Advanced advanced,
            List<Trigger> triggers) {}

    record Target(String name, @Nullable String kind) {}

    record Fallback(int failureThreshold, int replicas, String behavior) {}

    record Advanced(Autoscaler horizontalPodAutoscalerConfig) {}

    record Autoscaler(Behavior behavior) {}

    record Behavior(Scaling scaleUp, Scaling scaleDown) {}

    record Scaling(int stabilizationWindowSeconds, List<ScalingPolicy> policies) {}

    record ScalingPolicy(String type, int value, int periodSeconds) {}

    record Trigger(String type, String metricType, Map<String, String> metadata) {}

    // Strimzi

    record KafkaTopic(int partitions, int replicas, Map<String, JsonNode> config) {}

    record KafkaUser(Authentication authentication, UserAuthorization authorization) {}

    record Authentication(String type) {}

    record UserAuthorization(String type, List<Acl> acls) {}

    record Acl(AclResource resource, List<String> operations) {}

    record AclResource(String type, String name, String patternType) {}

    record KafkaNodePool(int replicas, List<String> roles, Storage storage, Resources resources) {}

    record Storage(String type, List<Volume> volumes) {}

    record Volume(int id, String type, String size, String kraftMetadata, boolean deleteClaim) {}

    record Resources(Map<String, String> requests, Map<String, String> limits) {}

    record Kafka(Brokers kafka, EntityOperator entityOperator) {}

    record Brokers(List<Listener> listeners, Authentication authorization, Rack rack, Map<String, JsonNode> config) {}

    record Listener(String name, int port, String type, boolean tls, Authentication authentication) {}

    record Rack(String topologyKey) {}

    record EntityOperator(Map<String, JsonNode> topicOperator, Map<String, JsonNode> userOperator) {}

    // CloudNativePG

    record Postgres(
            int instances,
            String imageName,
            Bootstrap bootstrap,
            Size storage,
            Size walStorage,
            PostgresSettings postgresql,
            Rack affinity,
            Resources resources) {}

    record Bootstrap(Initdb initdb) {}

    record Initdb(String database, String owner) {}

    record Size(String size) {}

    record PostgresSettings(Synchronous synchronous, Map<String, String> parameters) {}

    record Synchronous(String method, int number, String dataDurability) {}

    // Prometheus Operator

    record PodMonitor(Selector selector, String jobLabel, List<MetricsEndpoint> podMetricsEndpoints) {}

    record Selector(Map<String, String> matchLabels) {}

    record MetricsEndpoint(String port, String path, String interval, ScrapeAuthorization authorization) {}

    record ScrapeAuthorization(String type, SecretKey credentials) {}

    record SecretKey(String name, String key) {}

    record PrometheusRule(List<RuleGroup> groups) {}

    record RuleGroup(String name, @Nullable String interval, List<Rule> rules) {}

    record Rule(
            @Nullable String alert,
            @Nullable String record,
            String expr,
            @JsonProperty("for") @Nullable String pending,
            @JsonProperty("keep_firing_for") @Nullable String kept,
            @Nullable Map<String, String> labels,
            @Nullable Map<String, String> annotations) {}
}
