package outrider.standalone.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds the compose file to what its comments say.
class ComposeTest {

    private static final Set<String> OURS = Set.of("scheduler", "insights-api", "checker-fast", "checker-slow");

    private final Compose compose = Compose.read();

    ComposeTest() throws IOException {}

    @Test
    void nothing_starts_before_what_it_needs_is_well() {
        compose.services()
                .forEach((name, part) -> part.dependencies().forEach((needed, dependency) -> {
                    var other = compose.services().get(needed);
                    if (dependency.condition().equals("service_healthy")) {
                        assertThat(other.healthcheck())
                                .as(name + " waits for " + needed)
                                .isNotNull();
                    } else {
                        assertThat(dependency.condition()).isEqualTo("service_completed_successfully");
                        assertThat(other.restart()).as(needed + " ends").isNull();
                    }
                }));
        assertThat(needs("checker-fast")).contains("keys", "kafka", "insights-api", "postgres");
        assertThat(needs("checker-slow")).isEqualTo(needs("checker-fast"));
        assertThat(needs("insights-api")).containsExactlyInAnyOrder("keys", "kafka", "postgres");
        assertThat(needs("scheduler")).isEqualTo(needs("insights-api"));
    }

    /// With what those need in turn; no part needs itself.
    private Set<String> needs(String name) {
        var found = new HashSet<String>();
        var open = new ArrayDeque<>(List.of(name));
        while (!open.isEmpty()) {
            compose.services().get(open.remove()).dependencies().keySet().stream()
                    .filter(found::add)
                    .forEach(open::add);
        }
        assertThat(found).doesNotContain(name);
        return found;
    }

    @Test
    void our_services_are_healthy_when_they_are_ready_and_write_nowhere_else() {
        for (var name : OURS) {
            var part = compose.services().get(name);
            assertThat(String.join(" ", part.healthcheck().test())).contains("/actuator/health/readiness");
            assertThat(part.readOnly()).isTrue();
            assertThat(part.tmpfs()).containsExactly("/tmp");
            assertThat(part.memory()).isNotNull();
            assertThat(part.grace()).isNotNull();
        }
    }

    @Test
    void checkers_are_told_nothing_of_the_database_and_may_be_many() {
        for (var name : List.of("checker-fast", "checker-slow")) {
            var part = compose.services().get(name);
            assertThat(part.variables().keySet()).noneMatch(variable -> variable.contains("DATASOURCE"));
            assertThat(part.variables().values()).noneMatch(value -> value.contains("POSTGRES_PASSWORD"));
            // A port of the host would be the first one's, and the second would not start.
            assertThat(part.ports()).isNull();
        }
        assertThat(compose.services().get("checker-fast").variables())
                .containsEntry("OUTRIDER_CHECKER_LANES", "fast,interactive");
        assertThat(compose.services().get("checker-slow").variables()).containsEntry("OUTRIDER_CHECKER_LANES", "slow");
    }

    @Test
    void nothing_listens_beyond_this_machine_and_what_only_looks_on_starts_only_when_asked_for() {
        compose.services().values().stream()
                .filter(part -> part.ports() != null)
                .forEach(part -> assertThat(part.ports()).allMatch(port -> port.startsWith("127.0.0.1:")));
        assertThat(compose.services().entrySet().stream()
                        .filter(part -> part.getValue().profiles() != null)
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("metrics-token", "prometheus", "grafana");
    }

    @Test
    void every_volume_is_declared_and_every_variable_is_in_the_example() throws IOException {
        var mounted = compose.services().values().stream()
                .filter(part -> part.volumes() != null)
                .flatMap(part -> part.volumes().stream())
                .map(volume -> volume.substring(0, Math.max(0, volume.indexOf(':'))))
                .filter(source -> source.matches("[a-z-]+"))
                .collect(Collectors.toSet());
        assertThat(mounted).isEqualTo(compose.volumes().keySet());

        assertThat(names("#?([A-Z_]+)=", Path.of("../.env.example"))).isEqualTo(names("\\$\\{([A-Z_]+)", Compose.FILE));
    }

    private static Set<String> names(String pattern, Path file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }
}
