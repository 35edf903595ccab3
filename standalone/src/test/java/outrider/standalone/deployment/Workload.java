package outrider.standalone.deployment;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A Deployment or a StatefulSet.
///
/// @param replicas null when an autoscaler owns their number
record Workload(
        ObjectMeta metadata,
        PodTemplateSpec template,
        @Nullable Integer replicas) {

    String name() {
        return metadata.getName();
    }

    PodSpec pod() {
        return template.getSpec();
    }

    /// The only one.
    Container container() {
        return pod().getContainers().getFirst();
    }

    Map<String, String> labels() {
        return template.getMetadata().getLabels();
    }

    boolean isOurs() {
        return "outrider".equals(labels().get("app.kubernetes.io/part-of"));
    }

    boolean isChecker() {
        return isOurs() && "checker".equals(labels().get("app.kubernetes.io/component"));
    }

    Optional<String> env(String name) {
        return container().getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .map(EnvVar::getValue)
                .findFirst();
    }

    /// Whether a selector of pods means these. An empty one means all.
    boolean isSelectedBy(@Nullable LabelSelector selector) {
        if (selector == null) {
            return false;
        }
        var labels = selector.getMatchLabels();
        return labels == null || labels().entrySet().containsAll(labels.entrySet());
    }

    @Override
    public String toString() {
        return name();
    }
}
