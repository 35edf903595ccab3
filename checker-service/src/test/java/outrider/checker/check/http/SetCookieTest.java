package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;

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
import outrider.checker.check.Effort;

class SetCookieTest {

    /// The first four are the examples of RFC 6265bis, section 3.1.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SID=31d4d96e407aad42 | SID | no attributes",
                "SID=31d4d96e407aad42; Path=/; Domain=site.example | SID | Domain=site.example; Path=/",
                "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly | SID | Path=/; Secure; HttpOnly",
                "lang=en-US; Path=/; Domain=site.example | lang | Domain=site.example; Path=/",
                " a = b ;SECURE;httponly=x; SameSite = nOnE | a | Secure; HttpOnly; SameSite=None",
                "a=b; SameSite=Strict; SameSite=Lax | a | SameSite=Lax",
                "a=b; SameSite=Lax; SameSite=odd | a | no attributes",
                "a=b; Domain=.A.Example; Path=x | a | Domain=a.example",
                "a=b; Secured; Http Only | a | no attributes",
                "a=b=c; Path=/x | a | Path=/x"
            })
    void reads_what_browsers_read(String header, String name, String attributes) {
        assertThat(SetCookie.parse(header).orElseThrow())
                .extracting(SetCookie::name, SetCookie::attributes, SetCookie::removal)
                .containsExactly(name, attributes, false);
    }

    /// The first is an example of RFC 6265bis, section 3.1; others are what frameworks send.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT",
                "a=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0",
                "a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "a=x; max-age=-1",
                "a="
            })
    void knows_a_cookie_that_is_taken_away(String header) {
        assertThat(SetCookie.parse(header).orElseThrow().removal()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60",
                "a=x; Expires=Wed, 21 Oct 2099 07:28:00 GMT",
                "a=x; Max-Age=soon",
                "a=x; Expires="
            })
    void knows_one_that_stays(String header) {
        assertThat(SetCookie.parse(header).orElseThrow().removal()).isFalse();
    }

    @Test
    void a_cookie_without_a_name_has_a_value_only_and_that_is_not_kept() {
        assertThat(SetCookie.parse("s3cr3t; Secure").orElseThrow())
                .hasToString(
                        "SetCookie[name=, domain=, path=, secure=true, httpOnly=false, sameSite=ABSENT, removal=false]");
    }

    @Test
    void what_browsers_ignore_as_a_whole_is_empty() {
        assertThat(SetCookie.parse("")).isEmpty();
        assertThat(SetCookie.parse("=; Secure")).isEmpty();
        assertThat(SetCookie.parse("a=b\u0007; Secure")).isEmpty();
        assertThat(SetCookie.parse("a=" + "b".repeat(4_096))).isEmpty();
        assertThat(SetCookie.parse("a=" + "b".repeat(4_095))).isPresent();
    }

    @Test
    void an_attribute_that_is_too_long_is_ignored() {
        assertThat(SetCookie.parse("a=b; Path=/" + "x".repeat(1_024))
                        .orElseThrow()
                        .path())
                .isEmpty();
    }

    @Test
    void a_huge_value_takes_no_time() {
        Effort.assertAtMost(Duration.ofSeconds(5), () -> {
            for (var piece : new String[] {";", "a;", "=", " ", "a=b;", "Expires=1 2 3 4;", "\""}) {
                SetCookie.parse(piece.repeat(300_000));
                SetCookie.parse("a=b;" + piece.repeat(300_000));
            }
        });
    }

    @Property
    void any_header_is_read_or_ignored(@ForAll("headers") String header) {
        SetCookie.parse(header).ifPresent(cookie -> {
            assertThat(cookie.name()).doesNotContain(";", "=");
            assertThat(cookie.attributes()).isNotEmpty();
            CookieNames.isSession(cookie.name());
            CookieNames.isOfMiddleman(cookie.name());
        });
    }

    @Property
    void no_value_is_kept(@ForAll("values") String value) {
        assertThat(SetCookie.parse("name=" + value + "; Path=/; Secure")
                        .orElseThrow()
                        .toString())
                .doesNotContain(value);
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.strings().withCharRange('0', '9').ofMinLength(4).ofMaxLength(60);
    }

    @Provide
    Arbitrary<String> headers() {
        var pieces = Arbitraries.of(
                "a",
                "=",
                ";",
                " ",
                "\t",
                "Secure",
                "HttpOnly",
                "SameSite",
                "None",
                "Domain",
                ".",
                "Path",
                "/",
                "Max-Age",
                "-",
                "0",
                "Expires",
                "1970",
                ",",
                "__Host-",
                "é",
                "\u0000",
                "\"");
        return Arbitraries.oneOf(pieces.list().ofMaxSize(16).map(list -> String.join("", list)), Arbitraries.strings());
    }
}
