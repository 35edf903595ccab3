package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds `docs/GUARANTEES.md` to its word: every row names a test, and every test it names exists.
class GuaranteesTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| .* \\| `(\\w+(?:Test|IT))\\.(\\w+)` \\|$");

    @Test
    void every_row_names_a_test_that_exists() throws IOException {
        var document = Files.readString(ROOT.resolve("docs/GUARANTEES.md"));
        var rows = document.lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| when |"))
                .count();
        var tests = ROW.matcher(document).results().toList();

        assertThat(tests).hasSize((int) rows);
        assertThat(tests)
                .allSatisfy(test -> assertThat(source(test.group(1)))
                        .as(test.group(1))
                        .containsPattern("void " + Matcher.quoteReplacement(test.group(2)) + "\\("));
    }

    private static String source(String test) {
        try (var files = Files.find(ROOT, 12, (path, attributes) -> path.endsWith(test + ".java"))) {
            return files.map(GuaranteesTest::read).collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
