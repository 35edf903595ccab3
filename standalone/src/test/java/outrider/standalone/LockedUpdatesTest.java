package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No statement locks rows and changes them at once: of several that another transaction changed meanwhile,
/// PostgreSQL would change the first alone (`docs/adr/007-locks-and-updates.md`).
class LockedUpdatesTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern TEXT_BLOCK = Pattern.compile("\"\"\"(.*?)\"\"\"", Pattern.DOTALL);
    private static final Pattern LOCK =
            Pattern.compile("\\bfor\\s+(?:no\\s+key\\s+)?update\\b(?!\\s+(?:of\\s+\\w+\\s+)?skip\\s+locked)");
    private static final Pattern CHANGE = Pattern.compile("\\b(?:update\\s+\\w+\\.|delete\\s+from\\s)");

    @Test
    void no_statement_of_ours_locks_rows_and_changes_them_at_once() {
        var statements = List.of("scheduler-service", "insights-api", "bench").stream()
                .flatMap(module -> statements(ROOT.resolve(module).resolve("src/main")))
                .toList();

        assertThat(statements).hasSizeGreaterThan(100);
        assertThat(statements.stream().filter(LockedUpdatesTest::locksAndChanges))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with x as (select id from s.t where a = 1 order by id for update) update s.t set b = 2 from x where t.id = x.id",
                "with x as (select id from s.t for no key update of t) delete from s.t using x where t.id = x.id",
                "update s.t set b = 2 where id in (select id from s.t order by id limit 5 for update)",
            })
    void finds_a_lock_inside_of_a_change(String statement) {
        assertThat(locksAndChanges(statement)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select id from s.t where a = 1 order by id for update",
                "update s.t set b = 2 where id in (select id from s.t limit 5 for update skip locked)",
                "with x as (select id from s.t for no key update of t skip locked) update s.t set b = 2 from x where t.id = x.id",
                "insert into s.t (id) values (1) on conflict (id) do update set b = 2",
            })
    void lets_alone_what_locks_apart_or_waits_for_nobody(String statement) {
        assertThat(locksAndChanges(statement)).isFalse();
    }

    private static boolean locksAndChanges(String statement) {
        return CHANGE.matcher(statement).find()
                && LOCK.matcher(statement).results().anyMatch(lock -> depth(statement, lock.start()) > 0);
    }

    /// In how many parentheses that place is.
    private static long depth(String statement, int place) {
        var before = statement.substring(0, place);
        return before.chars().filter(c -> c == '(').count()
                - before.chars().filter(c -> c == ')').count();
    }

    private static Stream<String> statements(Path sources) {
        try (var files = Files.walk(sources)) {
            return files.filter(Files::isRegularFile).flatMap(LockedUpdatesTest::statementsOf).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> statementsOf(Path file) {
        try {
            var name = file.toString();
            if (name.endsWith(".java")) {
                return TEXT_BLOCK.matcher(Files.readString(file)).results().map(block -> block.group(1));
            }
            return name.endsWith(".sql") ? Stream.of(Files.readString(file).split(";")) : Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
