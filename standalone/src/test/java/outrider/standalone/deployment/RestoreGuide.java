package outrider.standalone.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The commands of `docs/operations.md` by which a database is backed up and restored, run as they stand there.
/// What differs is where the dump lies and since when Kafka is read again; what is to be looked at until it is
/// so is asked until then, and `make up` is left to the test.
final class RestoreGuide {

    private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");
    private static final String UNTIL_LAG_IS_0 = """
            until $1 | awk 'NF && \\$1 != "GROUP" {seen = 1; if (\\$6 != 0) late = 1} END {exit !seen || late}'
            do sleep 1; done""";

    private final Path dump;
    private final List<String> blocks;
    private String since = "";

    RestoreGuide(Path directory) {
        dump = directory.resolve("outrider.dump");
        try {
            var section = Files.readString(Path.of("../docs/operations.md"))
                    .split("\n## 8[.] ")[1]
                    .split("\n## 9[.] ")[0];
            blocks = BLOCK.matcher(section).results().map(RestoreGuide::text).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(blocks).hasSize(4);
    }

    void backUp() {
        since = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ".000");
        run(blocks.getFirst());
    }

    void restore() {
        run(String.join("\n", blocks.subList(1, 4))
                .replaceAll("(?m)^SINCE=\\S+", "SINCE=" + since)
                .replaceAll("(?m)^(groups --describe --group \\S+).*$", UNTIL_LAG_IS_0)
                .replaceAll("(?m)^make up$", ""));
    }

    private static String text(MatchResult block) {
        return block.group(1);
    }

    private void run(String commands) {
        var script = """
                set -eu
                export COMPOSE_PROJECT_NAME=%s COMPOSE_FILE=docker-compose.yml:standalone/%s
                cd ..
                """.formatted(ComposedFleet.PROJECT, ComposedFleet.ADDITIONS)
                + commands.replace("outrider.dump", dump.toAbsolutePath().toString());
        ComposedFleet.run("bash", "-c", script);
    }
}
