package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectsTest {

    private static final URI FROM = URI.create("http://a.example:8080/x/y?z");

    @ParameterizedTest
    @CsvSource({
        "https://b.example, https://b.example/",
        "HTTPS://B.example:443/p?q=1#f, https://b.example/p?q=1",
        "https://b.example:8443/, https://b.example:8443/",
        "http://b.example:80/, http://b.example/",
        "//b.example/p, http://b.example/p",
        "/p, http://a.example:8080/p",
        "p, http://a.example:8080/x/p",
        "' https://b.example/a b ', https://b.example/a%20b",
        "https://b.example/ä, https://b.example/%C3%A4",
        "http://[::1]/, http://[::1]/",
        "https://bücher.example:8443/ä, https://xn--bcher-kva.example:8443/%C3%A4",
        "//BÜCHER.example, http://xn--bcher-kva.example/",
        "/ä//ß/x, http://a.example:8080/%C3%A4//%C3%9F/x",
        "/?to=http://ß.example/, http://a.example:8080/?to=http://%C3%9F.example/",
        "/?to=//ä.example/, http://a.example:8080/?to=//%C3%A4.example/"
    })
    void reads_where_it_leads(String location, String target) {
        assertThat(Redirects.target(FROM, location)).contains(URI.create(target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://b.example/",
                "mailto:a@b.example",
                "javascript:alert(1)",
                "http://user@b.example/",
                "http://",
                "http:///x",
                "https://b.example:x/",
                "http://[::1",
                "file:///etc/passwd",
                "http:b.example",
                "https://straße.example/",
                "https://ä\u2024\uD800.example/"
            })
    void refuses_what_leads_nowhere(String location) {
        assertThat(Redirects.target(FROM, location)).isEmpty();
    }

    @Property
    void any_location_is_read_or_refused(@ForAll String location) {
        Redirects.target(FROM, location);
        Redirects.target(FROM, "https://" + location);
    }
}
