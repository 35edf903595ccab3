package outrider.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @ParameterizedTest
    @CsvSource({
        "https://WWW.Example.com, https://www.example.com",
        "https://www.example.com:443/, https://www.example.com",
        "http://www.example.com:8080, http://www.example.com:8080",
        "HTTP://example.com, http://example.com"
    })
    void gives_one_endpoint_one_spelling(String text, String spelling) {
        assertThat(Endpoint.of(text)).hasToString(spelling);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com",
                "example.com",
                "https://",
                "https://u:p@example.com",
                "https://example.com/path",
                "https://example.com:0",
                "https://example.com:70000",
                "https://exa mple.com",
                "https://example.com?q"
            })
    void refuses_what_is_no_endpoint(String text) {
        assertThatThrownBy(() -> Endpoint.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void derives_both_schemes_from_a_name() {
        assertThat(Endpoint.derivedFrom("example.com"))
                .extracting(Endpoint::toString)
                .containsExactly("https://example.com", "http://example.com");
    }
}
