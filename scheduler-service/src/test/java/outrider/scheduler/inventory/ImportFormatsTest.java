package outrider.scheduler.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import outrider.web.ProblemException;

/// Lines of every kind: what is no asset ends in a problem that says what is wrong, never in anything else.
class ImportFormatsTest {

    @Property(tries = 5_000)
    void whatever_comes_as_ndjson_is_an_asset_or_a_problem(@ForAll("objects") String line) {
        readOrRefuse(ImportFormats.ndjson(), line);
    }

    @Property(tries = 5_000)
    void whatever_comes_as_csv_is_an_asset_or_a_problem(@ForAll("heads") String head, @ForAll("rows") String line) {
        AssetImport.Format format;
        try {
            format = ImportFormats.csv(head.getBytes(UTF_8));
        } catch (ProblemException e) {
            return;
        }
        readOrRefuse(format, line);
    }

    private static void readOrRefuse(AssetImport.Format format, String line) {
        try {
            assertThat(format.read(line.getBytes(UTF_8)).name()).isNotEmpty();
        } catch (ProblemException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Provide
    Arbitrary<String> objects() {
        var key = Arbitraries.of("\"kind\"", "\"name\"", "\"endpoints\"", "\"more\"", "kind");
        var value = Arbitraries.oneOf(
                Arbitraries.of(
                        "null",
                        "1",
                        "\"zone\"",
                        "\"host\"",
                        "[]",
                        "[null]",
                        "[1]",
                        "{}",
                        "[[\"x\"]]",
                        "1e999",
                        "\"\\ud800\""),
                words().map(word -> '"' + word + '"'),
                words().map(word -> "[\"https://" + word + "\"]"));
        var field = key.flatMap(name -> value.map(content -> name + ":" + content));
        return Arbitraries.oneOf(
                field.list().ofMaxSize(4).map(fields -> "{" + String.join(",", fields) + "}"), value, words());
    }

    @Provide
    Arbitrary<String> heads() {
        return Arbitraries.of(
                "kind,name,endpoints", "name,kind", "kind,name,kind", "\ufeffkind,name", "", "\"kind,name");
    }

    @Provide
    Arbitrary<String> rows() {
        return words().list().ofMaxSize(5).map(words -> String.join(",", words));
    }

    private static Arbitrary<String> words() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "zone",
                        "host",
                        "example.com",
                        "1.2.3.4",
                        "https://a.example:99999",
                        "\"",
                        "\"a\"b",
                        "a:b",
                        "xn--a",
                        "\u00df.de"),
                Arbitraries.strings().ofMaxLength(12));
    }
}
