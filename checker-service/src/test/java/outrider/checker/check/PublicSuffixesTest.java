package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
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

    @ParameterizedTest
    @CsvSource({
        "shop.azurewebsites.net, azurewebsites.net",
        "a.shop.github.io, github.io",
        "www.example.co.uk, example.co.uk",
        "a.www.ck, www.ck",
        "co.uk,",
        "com,",
        "a.b.test,",
        "intranet,"
    })
    void finds_the_domain_that_a_registry_hands_out(String name, @Nullable String domain) {
        assertThat(PublicSuffixes.registeredDomain(name)).isEqualTo(Optional.ofNullable(domain));
    }

    /// The vectors of the list itself, `tests/test_psl.txt` of github.com/publicsuffix/list (CC0), with IDN names as
    /// the
    /// inventory keeps them. Without those for null, capitals, leading dots and U-labels, none of which reach us.
    @ParameterizedTest
    @CsvFileSource(resources = "test_psl.csv")
    void agrees_with_the_vectors_of_the_list(String name, @Nullable String domain) {
        assertThat(PublicSuffixes.organizationalDomain(name)).isEqualTo(domain == null ? name : domain);
    }
}
