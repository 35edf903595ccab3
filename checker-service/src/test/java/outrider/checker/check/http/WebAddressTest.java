package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {

    private static final WebAddress BASE = WebAddress.of(URI.create("https://www.a.example/x/y?z"));

    /// In the manner of the tests of the WHATWG URL standard (urltestdata.json of the web platform tests).
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://b.example/p?q#f | http://b.example/p",
                "HTTP://B.Example | http://b.example/",
                "//b.example/p | https://b.example/p",
                "/p | https://www.a.example/p",
                "p | https://www.a.example/x/p",
                "? | https://www.a.example/x/y",
                "https:p | https://www.a.example/x/p",
                "https:/p | https://www.a.example/p",
                "http:p | http://p/",
                "http:/p | http://p/",
                "http:///b.example/p | http://b.example/p",
                "\\\\b.example\\p | https://b.example/p",
                "https:\\\\b.example/p | https://b.example/p",
                "http://u:p@b.example:8080/ | http://b.example:8080/",
                "http://b.example:/ | http://b.example/",
                "http://my_bucket.b.example/ | http://my_bucket.b.example/",
                "http://bücher.example/ | http://xn--bcher-kva.example/",
                "http://[::1]:80/p | http://[::1]:80/p"
            })
    void reads_what_browsers_read(String reference, String address) {
        assertThat(BASE.resolve(reference)).map(WebAddress::toString).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:text/javascript,alert(1)",
                "blob:https://www.a.example/1",
                "javascript:alert(1)",
                "mailto:a@b.example",
                "about:blank",
                "http://",
                "http://b c/",
                "http://b:99999/",
                "http://b:x/",
                "http://[::1",
                "http://%zz/"
            })
    void what_leads_nowhere_on_the_web_is_empty(String reference) {
        assertThat(BASE.resolve(reference)).isEmpty();
    }

    @Property
    void blanks_and_line_breaks_do_not_hide_an_address(@ForAll("blanks") String blanks) {
        assertThat(BASE.resolve(blanks + "ht\ntp:/\t/b.exa\rmple/" + blanks))
                .map(WebAddress::toString)
                .contains("http://b.example/");
    }

    @Property
    void any_reference_is_read_or_refused(@ForAll("references") String reference) {
        BASE.resolve(reference).ifPresent(address -> {
            assertThat(address.host())
                    .isNotEmpty()
                    .hasSizeLessThanOrEqualTo(512)
                    .isASCII();
            assertThat(address.path()).hasSizeLessThanOrEqualTo(301);
        });
    }

    @Provide
    Arbitrary<String> blanks() {
        return Arbitraries.of(" ", "\t", "\n", "\f", "\u0000")
                .list()
                .ofMaxSize(4)
                .map(list -> String.join("", list));
    }

    @Provide
    Arbitrary<String> references() {
        var pieces = Arbitraries.of(
                "http",
                "https",
                ":",
                "/",
                "\\",
                "@",
                "[",
                "]",
                "::1",
                "b.example",
                ".",
                "ß",
                "xn--",
                "%2e",
                "?",
                "#",
                "8",
                " ");
        return Arbitraries.oneOf(pieces.list().ofMaxSize(14).map(list -> String.join("", list)), Arbitraries.strings());
    }
}
