package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.http.HstsHeader.MalformedException;

class HstsHeaderTest {

    /// The first four are the examples of RFC 6797, section 6.2.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "max-age=31536000 | 31536000 | false",
                "max-age=15768000 ; includeSubDomains | 15768000 | true",
                "max-age=\"31536000\" | 31536000 | false",
                "max-age=0; includeSubDomains | 0 | true",
                "MAX-AGE = 5;;INCLUDESUBDOMAINS; preload; other=\"a;b\" | 5 | true",
                ";max-age=7; | 7 | false",
                "max-age=99999999999999999999999999 | 9223372036854775807 | false"
            })
    void reads_what_browsers_read(String value, long maxAge, boolean subdomains) throws MalformedException {
        assertThat(HstsHeader.parse(value)).isEqualTo(new HstsHeader(maxAge, subdomains));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "includeSubDomains",
                "max-age",
                "max-age=",
                "max-age=-1",
                "max-age=1.5",
                "max-age=1y",
                "max-age=1; max-age=2",
                "max-age=1, max-age=1",
                "max-age=\"1",
                "max-age=1 2",
                "max-age=1; includeSubDomains; includesubdomains",
                "max-age:1",
                "\"max-age\"=1"
            })
    void refuses_what_browsers_ignore(String value) {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> HstsHeader.parse(value));
    }

    @Test
    void a_huge_value_takes_no_time() {
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            for (var piece : new String[] {";", "a;", "\"", "max-age=\"\\", " "}) {
                read(piece.repeat(100_000));
            }
        });
    }

    @Property
    void any_text_is_read_or_refused(@ForAll("values") String value) {
        read(value);
    }

    @Provide
    Arbitrary<String> values() {
        var pieces = Arbitraries.of(
                "max-age", "=", "\"", "\\", ";", " ", "\t", "31536000", "includeSubDomains", ",", "é", "\u0000");
        return Arbitraries.oneOf(pieces.list().ofMaxSize(12).map(list -> String.join("", list)), Arbitraries.strings());
    }

    private static void read(String value) {
        try {
            HstsHeader.parse(value);
        } catch (MalformedException e) {
            assertThat(e).hasMessageNotContainingAny("null");
        }
    }
}
