package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleTest {

    @ParameterizedTest
    @CsvSource({
        "plain text äöü 漢, plain text äöü 漢",
        "a\u0007b, a\\u{7}b",
        "a\u202eb, a\\u{202e}b",
        "a\ud800b, a\\u{d800}b"
    })
    void writes_out_what_hides(String text, String shown) {
        assertThat(Visible.text(text, 80)).isEqualTo(shown);
    }

    @Property
    void never_exceeds_its_limit_and_never_breaks_a_character(
            @ForAll String text, @ForAll @IntRange(min = 2, max = 40) int limit) {
        var shown = Visible.text(text, limit);

        assertThat(shown.length()).isLessThanOrEqualTo(limit);
        assertThat(shown.codePoints()).noneMatch(point -> Character.getType(point) == Character.SURROGATE);
        assertThat(shown.endsWith("…") || !shown.contains("…") || text.contains("…"))
                .isTrue();
    }
}
