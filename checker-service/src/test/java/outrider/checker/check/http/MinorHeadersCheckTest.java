package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;
import static outrider.checker.check.Verdicts.problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Verdict;
import outrider.checker.egress.HttpFetcher;

class MinorHeadersCheckTest {

    private static final String[] GOOD = {
        "X-Content-Type-Options", "nosniff",
        "Referrer-Policy", "no-referrer",
        "Cross-Origin-Opener-Policy", "same-origin; report-to=\"x\""
    };

    private final MinorHeadersCheck check = new MinorHeadersCheck();

    @Test
    void a_page_with_all_of_them_passes() {
        assertPass(judge("<p>", GOOD));
    }

    @Test
    void all_that_is_missing_is_one_insight() {
        assertThat(assertProblem(judge("<p>", "Server", "nginx/1.18.0"), "", "lack small protective headers")
                        .evidence())
                .containsEntry("headers", """
                        X-Content-Type-Options: nosniff is missing
                        Referrer-Policy is missing
                        Cross-Origin-Opener-Policy is missing
                        Server tells a version: nginx/1.18.0""");
    }

    @Test
    void an_api_is_asked_only_for_what_works_there() {
        var api = Way.from("https://a.example");
        assertPass(check.judge(api.answers("https://a.example/", 204).arrived()));
        assertPass(check.judge(api.answers("https://a.example/", 200, "Content-Type", "application/json")
                .arrived()));
    }

    @Test
    void plain_http_is_not_asked_for_what_needs_https() {
        assertPass(check.judge(Way.from("http://a.example")
                .shows("http://a.example/", "<p>", "X-Content-Type-Options", "NoSniff, x", "Referrer-Policy", "origin")
                .arrived()));
    }

    @ParameterizedTest
    @CsvSource({
        "'unsafe-url', gives whole addresses",
        "'no-referrer, unsafe-url', gives whole addresses",
        "'no-referrer-when-downgrade', gives whole addresses",
        "'nonsense', Referrer-Policy is missing"
    })
    void a_referrer_policy_that_leaks_is_told(String policy, String told) {
        assertThat(found("Referrer-Policy", policy)).contains(told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unsafe-url, same-origin", "strict-origin-when-cross-origin, nonsense", "Origin"})
    void the_last_referrer_policy_that_browsers_know_counts(String policy) {
        assertThat(found("Referrer-Policy", policy)).doesNotContain("Referrer-Policy");
    }

    @Test
    void the_page_has_the_last_word_on_referrers() {
        var page = "<meta name=referrer content=unsafe-url>";
        assertThat(problem(judge(page, GOOD)).evidence())
                .containsEntry("headers", "Referrer-Policy unsafe-url gives whole addresses to other sites");
    }

    @ParameterizedTest
    @CsvSource({
        "Server, Apache/2.4.41 (Ubuntu), true",
        "Server, nginx, false",
        "Server, cloudflare, false",
        "Server, ECAcc (nyd/D10E), false",
        "X-Powered-By, PHP/7.4.3, true",
        "X-Powered-By, Express, false",
        "X-AspNet-Version, 4.0.30319, true",
        "X-Generator, Drupal 9 (https://www.drupal.org), false"
    })
    void a_banner_is_told_if_it_has_a_version(String name, String value, boolean told) {
        assertThat(found(name, value).contains("tells a version: " + value)).isEqualTo(told);
    }

    @Test
    void values_that_browsers_do_not_know_are_told() {
        assertThat(found("Cross-Origin-Opener-Policy", "yes")).contains("Opener-Policy says nothing");
        assertThat(found("Cross-Origin-Resource-Policy", "yes")).contains("Resource-Policy says nothing");
        assertThat(found("Cross-Origin-Resource-Policy", "same-site")).doesNotContain("Resource-Policy");
        assertThat(found("X-Content-Type-Options", "x, nosniff")).contains("nosniff is missing");
    }

    @Test
    void a_head_without_an_end_is_an_error() {
        assertCouldNotTell(judge("<style>" + " ".repeat(HttpFetcher.MAX_BODY)), "not read to its end");
    }

    private String found(String... headers) {
        return problem(judge("<p>", headers)).evidence().getOrDefault("headers", "");
    }

    private Verdict judge(String html, String... headers) {
        return check.judge(Way.from("https://a.example")
                .shows("https://a.example/", html, headers)
                .arrived());
    }
}
