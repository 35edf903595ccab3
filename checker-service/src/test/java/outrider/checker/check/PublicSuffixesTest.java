package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicSuffixesTest {

    /// Cases of the list's own kinds: plain rules, wildcards (`*.ck`), exceptions (`!www.ck`), private suffixes, and
    /// names under no known suffix.
    @ParameterizedTest
    @CsvSource({
        "www.example.com, example.com",
        "a.b.example.co.uk, example.co.uk",
        "example.com, example.com",
        "co.uk, co.uk",
        "a.b.c.ck, b.c.ck",
        "a.www.ck, www.ck",
        "a.shop.github.io, shop.github.io",
        "a.b.test, b.test",
        "intranet, intranet"
    })
    void finds_the_registered_domain(String name, String domain) {
        assertThat(PublicSuffixes.organizationalDomain(name)).isEqualTo(domain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"com", "co.uk", "c.ck", "xn--p1ai"})
    void knows_registries(String name) {
        assertThat(PublicSuffixes.isRegistry(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "github.io", "azurewebsites.net", "internal", "www.ck", "city.kawasaki.jp"})
    void the_rest_is_no_registry(String name) {
        assertThat(PublicSuffixes.isRegistry(name)).isFalse();
    }
}
