package outrider.standalone.deployment;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Resources as a cluster would get them, read without mercy: what their types do not know is refused.
record Manifests(List<Object> resources) {

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1/Namespace", Namespace.class,
            "v1/ConfigMap", ConfigMap.class,
            "v1/Secret", Secret.class,
            "v1/Service", Service.class,
            "v1/ServiceAccount", ServiceAccount.class,
            "apps/v1/Deployment", Deployment.class,
            "apps/v1/StatefulSet", StatefulSet.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class);

    static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .annotationIntrospector(new WithoutRoomForOthers())
            .build();

    /// The models keep what they do not know in a map of their own; here they must not.
    private static final class WithoutRoomForOthers extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
            return false;
        }
    }

    /// Reads all documents; an exception names the field that no type knows.
    static Manifests of(String yaml) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return new Manifests(
                    documents.readAll().stream().map(Manifests::typed).toList());
        }
    }

    private static Object typed(JsonNode resource) {
        var kind = resource.path("apiVersion").asString() + "/"
                + resource.path("kind").asString();
        return YAML.treeToValue(resource, type(kind));
    }

    private static JavaType type(String kind) {
        var types = YAML.getTypeFactory();
        if (KINDS.containsKey(kind)) {
            return types.constructType(KINDS.get(kind));
        }
        var custom = CustomResource.KINDS.get(kind);
        if (custom == null) {
            throw new IllegalArgumentException("nobody here knows the kind " + kind);
        }
        return types.constructParametricType(CustomResource.class, custom);
    }

    <T> Stream<T> all(Class<T> type) {
        return resources.stream().filter(type::isInstance).map(type::cast);
    }

    /// The specifications of a kind that an operator brings, by the name of the resource.
    <S> Map<String, S> custom(Class<S> type) {
        return all(CustomResource.class)
                .filter(resource -> type.isInstance(resource.spec()))
                .collect(Collectors.toMap(
                        resource -> resource.metadata().getName(), resource -> type.cast(resource.spec())));
    }

    /// Whatever runs pods.
    List<Workload> workloads() {
        var deployments = all(Deployment.class)
                .map(one -> new Workload(
                        one.getMetadata(),
                        one.getSpec().getTemplate(),
                        one.getSpec().getReplicas()));
        var sets = all(StatefulSet.class)
                .map(one -> new Workload(
                        one.getMetadata(),
                        one.getSpec().getTemplate(),
                        one.getSpec().getReplicas()));
        return Stream.concat(deployments, sets).toList();
    }
}
