package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import outrider.insight.CheckCatalog;

/// Hosts as they are met out there (`corpus/*.yml`), each with what every check must say of it: not one problem
/// invented, not one missed, and no guess where nobody could look.
class HostCorpusTest {

    private static final List<HostProfile> PROFILES = Corpus.load();

    @ParameterizedTest
    @MethodSource("profiles")
    void every_check_says_of_every_host_what_it_must(HostProfile profile, @TempDir Path folder) throws Exception {
        try (var world = new HostWorld(profile, folder)) {
            var said = Matrix.of(world.scan());

            assertThat(said.differencesFrom(expected(profile, world))).isEmpty();
        }
    }

    @Test
    void there_are_forty_hosts_and_more() {
        assertThat(PROFILES)
                .hasSizeGreaterThanOrEqualTo(40)
                .extracting(HostProfile::why)
                .doesNotContainNull();
    }

    @Test
    void every_check_is_seen_to_pass_to_fail_and_to_admit_that_it_could_not_tell() {
        var states = new HashMap<String, HashSet<String>>();
        for (var profile : PROFILES) {
            profile.verdicts()
                    .forEach((cell, verdict) -> states.computeIfAbsent(cell.split(" ")[0], check -> new HashSet<>())
                            .add(verdict.split(" ")[0]));
        }

        assertThat(CheckCatalog.load().checks())
                .allSatisfy(check -> assertThat(states.get(check.id().value()))
                        .as(check.id().value())
                        .contains("PASS", "FAIL", "ERROR"));
    }

    private static List<HostProfile> profiles() {
        return PROFILES;
    }

    /// The cells of servers that are no endpoints of the asset are not asked for.
    private static Map<String, String> expected(HostProfile profile, HostWorld world) {
        var expected = new HashMap<String, String>();
        profile.verdicts().forEach((cell, verdict) -> {
            var words = cell.split(" ", 2);
            var server = profile.servers().containsKey(words[1]);
            if (!server || profile.endpoints().contains(words[1])) {
                expected.put(words[0] + " " + world.subject(words[1]), verdict);
            }
        });
        return expected;
    }
}
