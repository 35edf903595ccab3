package outrider.standalone.deployment;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Builds kustomizations with `kubectl kustomize`, each once. Where there is no kubectl, the test is skipped.
final class Kustomize {

    static final Path K8S = Path.of("../k8s");
    private static final Path BUILD = Path.of("target/kustomize");
    /// The order matters for the last one, which turns Deployments into StatefulSets.
    private static final List<String> OTHERS = List.of(
            "strimzi",
            "cloudnative-pg",
            "prometheus-operator",
            "grafana",
            "identity-provider",
            "checker-static-membership");

    private static final Map<String, Manifests> BUILT = new ConcurrentHashMap<>();

    private Kustomize() {}

    static Manifests base() {
        return build("k8s/base");
    }

    static Manifests production() {
        return build("k8s/overlays/production");
    }

    /// The base, the overlays, and the base with each component, with each pair of them, and with all that go
    /// together.
    static Stream<String> all() {
        var combinations = new ArrayList<List<String>>();
        for (var scaling : List.of(List.<String>of(), List.of("keda"), List.of("keda-lag"))) {
            combinations.add(scaling);
            combinations.add(Stream.concat(scaling.stream(), OTHERS.stream()).toList());
            OTHERS.forEach(other -> combinations.add(
                    Stream.concat(scaling.stream(), Stream.of(other)).toList()));
        }
        for (var first = 0; first < OTHERS.size(); first++) {
            for (var second = first + 1; second < OTHERS.size(); second++) {
                combinations.add(List.of(OTHERS.get(first), OTHERS.get(second)));
            }
        }
        return Stream.concat(
                Stream.of("k8s/overlays/dev", "k8s/overlays/production"),
                combinations.stream().map(Kustomize::combination));
    }

    /// An overlay of the base, as one beside `k8s/overlays/production` would say it.
    ///
    /// @param text all but its `resources`
    static Manifests overlay(String name, String text) {
        return build(written(name, text.replace("../../components/", "../../../../k8s/components/")));
    }

    /// A directory of the project.
    static Manifests build(String directory) {
        return BUILT.computeIfAbsent(directory, Kustomize::render);
    }

    private static String combination(List<String> components) {
        var text = new StringBuilder();
        if (!components.isEmpty()) {
            text.append("components:\n");
            components.forEach(component -> text.append("  - ../../../../k8s/components/%s\n".formatted(component)));
        }
        return written(components.isEmpty() ? "base" : String.join("+", components), text.toString());
    }

    /// A directory with a kustomization of the base.
    private static String written(String name, String text) {
        try {
            var directory = BUILD.resolve(name);
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("kustomization.yaml"), "resources: [../../../../k8s/base]\n" + text);
            return "standalone/" + directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Manifests render(String directory) {
        assumeTrue(isThere(), "There is no kubectl here: kustomizations are not built.");
        try {
            var process = new ProcessBuilder(
                            "kubectl", "kustomize", Path.of("..", directory).toString())
                    .redirectErrorStream(true)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(directory + ": " + output);
            }
            return Manifests.of(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static boolean isThere() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")));
    }
}
