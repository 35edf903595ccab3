package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.checker.check.Effort;

/// The rules are those of CSP level 3; the section is named where it is not 2.2.
class ContentPolicyTest {

    @Test
    void a_header_may_hold_several_policies() {
        assertThat(ContentPolicy.list("default-src 'self' http://b.example, connect-src 'none'; ,, ;"))
                .containsExactly(
                        new ContentPolicy(Map.of("default-src", List.of("'self'", "http://b.example"))),
                        new ContentPolicy(Map.of("connect-src", List.of("'none'"))));
    }

    @Test
    void names_are_in_any_case_and_the_first_of_two_counts() {
        assertThat(policy(" Script-SRC\t a.example ; script-src * ;; IMG-src").directives())
                .isEqualTo(Map.of("script-src", List.of("a.example"), "img-src", List.of()));
    }

    @Test
    void a_directive_that_is_not_ascii_is_skipped() {
        assertThat(policy("script-src é; img-src *").directives()).containsOnlyKeys("img-src");
    }

    @Test
    void a_directive_stands_in_for_one_that_is_not_there() {
        var policy = policy("default-src 'none'; script-src a.example");
        assertThat(policy.sources("script-src-elem", "script-src", "default-src"))
                .contains(new SourceList(List.of("a.example")));
        assertThat(policy.sources("object-src", "default-src")).contains(new SourceList(List.of("'none'")));
        assertThat(policy.sources("base-uri")).isEmpty();
    }

    /// Section 6.7.3.2, with the nonces and hashes of the examples in sections 8.2 and 8.3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "'unsafe-inline' | true",
                "https: 'UNSAFE-inline' | true",
                "'self' | false",
                "'none' | false",
                "'unsafe-inline' 'nonce-DhcnhD3khTMePgXwdayK9BsMqXjhguVV' | false",
                "'unsafe-inline' 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=' | false",
                "'unsafe-inline' https: 'nonce-abcdefg' 'strict-dynamic' | false",
                "'unsafe-inline' 'strict-dynamic' | false",
                "'unsafe-inline' 'nonce-' | true",
                "'unsafe-inline' 'nonce-a b' | true",
                "'unsafe-inline' nonce-abc | true",
                "'unsafe-inline' 'sha1-abc' | true",
                "'unsafe-inline' 'nonce-a$b' | true",
                "unsafe-inline | false"
            })
    void a_nonce_or_hash_takes_unsafe_inline_away(String sources, boolean inline) {
        assertThat(new SourceList(Tokens.words(sources)).allowsAllInlineScripts())
                .isEqualTo(inline);
    }

    @ParameterizedTest
    @CsvSource({
        "*, true",
        "https:, true",
        "HTTP:, true",
        "https://*, true",
        "*:443, true",
        "https://*:*/x, true",
        "*.a.example, false",
        "https://a.example, false",
        "data:, false",
        "'none', false",
        "'self', false"
    })
    void any_host_is_what_names_none(String source, boolean any) {
        assertThat(new SourceList(List.of(source)).allowsAnyHost()).isEqualTo(any);
    }

    @Test
    void nonces_are_not_shown_because_they_change() {
        assertThat(policy("script-src 'self' 'Nonce-r4nd0m=' 'sha256-abc='").shown("script-src", "img-src"))
                .containsExactly("script-src 'self' 'nonce-…' 'sha256-abc='");
    }

    @Test
    void a_sandbox_without_scripts_runs_none() {
        assertThat(policy("sandbox").forbidsScripts()).isTrue();
        assertThat(policy("sandbox allow-forms").forbidsScripts()).isTrue();
        assertThat(policy("sandbox Allow-Scripts").forbidsScripts()).isFalse();
        assertThat(policy("script-src *").forbidsScripts()).isFalse();
    }

    @Test
    void a_huge_policy_takes_no_time() {
        Effort.assertAtMost(Duration.ofSeconds(5), () -> {
            for (var piece : new String[] {";", ",", " ", "a;", "a,", "'nonce-", "script-src ", "'sha256-=", "*://"}) {
                ContentPolicy.list(piece.repeat(200_000)).forEach(policy -> policy.shown("script-src"));
            }
        });
    }

    @Property
    void any_header_is_read(@ForAll("headers") String header) {
        ContentPolicy.list(header).forEach(policy -> {
            assertThat(policy.directives()).isNotEmpty();
            policy.sources("script-src", "default-src").ifPresent(list -> {
                assertThat(list.allowsAllInlineScripts() && list.namesScripts()).isFalse();
                list.allowsAnyHost();
                list.shown();
            });
        });
    }

    @Provide
    Arbitrary<String> headers() {
        var pieces = Arbitraries.of(
                "script-src",
                "default-src",
                " ",
                ";",
                ",",
                "'none'",
                "'unsafe-inline'",
                "'nonce-abc'",
                "'nonce-",
                "'",
                "'sha256-a='",
                "*",
                "https:",
                "https://*:1/",
                ":",
                "/",
                "\t",
                "é",
                "\u0000",
                "'strict-dynamic'",
                "sandbox");
        return Arbitraries.oneOf(pieces.list().ofMaxSize(20).map(list -> String.join("", list)), Arbitraries.strings());
    }

    private static ContentPolicy policy(String text) {
        return ContentPolicy.list(text).findFirst().orElseThrow();
    }
}
