package outrider.checker.check.http;

import static outrider.checker.check.Verdicts.assertNotApplicable;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Verdict;
import outrider.insight.Severity;

class FrameCheckTest {

    private static final String CSP = "Content-Security-Policy";
    private static final String XFO = "X-Frame-Options";

    private final FrameCheck check = new FrameCheck();

    @ParameterizedTest
    @ValueSource(strings = {"'none'", "'self'", "https://partner.example *.a.example", ""})
    void ancestors_that_are_named_pass(String ancestors) {
        assertPass(judge("<p>", CSP, "default-src *; frame-ancestors " + ancestors));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "https:", "'self' http:", "https://*"})
    void any_ancestor_is_a_problem(String ancestors) {
        assertProblem(judge("<p>", CSP, "frame-ancestors " + ancestors), "any-ancestor", "any site");
    }

    @Test
    void a_policy_supersedes_the_older_header() {
        assertPass(judge("<p>", CSP, "frame-ancestors 'self'", XFO, "ALLOW-FROM https://b.example"));
        assertProblem(judge("<p>", CSP, "frame-ancestors *", XFO, "DENY"), "any-ancestor", "any site");
    }

    @Test
    void the_strictest_of_several_policies_counts() {
        assertPass(judge("<p>", CSP, "frame-ancestors *", CSP, "frame-ancestors 'none'"));
        assertPass(judge("<p>", CSP, "frame-ancestors *, frame-ancestors 'none'"));
    }

    /// The table in HTML, section 7.4.5; an option that no browser knows lets all sites.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SAMEORIGIN, SAMEORIGIN | pass",
                "SAMEORIGIN, DENY | conflict",
                "SAMEORIGIN, | conflict",
                "SAMEORIGIN, ALLOWALL | conflict",
                "SAMEORIGIN, INVALID | conflict",
                "ALLOWALL, INVALID | conflict",
                "ALLOWALL, | conflict",
                "ALLOWALL | malformed",
                "INVALID | malformed",
                "INVALID, INVALID | malformed",
                "INVALID, OTHER | malformed",
                "deny | pass",
                "ALLOW-FROM https://b.example | allow-from"
            })
    void the_older_header_is_read_as_browsers_do(String header, String outcome) {
        var verdict = judge("<p>", XFO, header);
        switch (outcome) {
            case "pass" -> assertPass(verdict);
            case "conflict" -> assertProblem(verdict, "conflict", Severity.INFO, "contradicts itself");
            default -> assertProblem(verdict, outcome, "X-Frame-Options");
        }
    }

    @Test
    void headers_are_read_as_one() {
        assertPass(judge("<p>", XFO, "DENY", XFO, "deny"));
        assertProblem(judge("<p>", XFO, "DENY", XFO, "SAMEORIGIN"), "conflict", Severity.INFO, "contradicts itself");
    }

    @Test
    void nothing_is_a_problem_and_so_is_what_does_not_count() {
        assertProblem(judge("<p>"), "missing", "Any site may show");
        assertProblem(judge("<p>", CSP, "default-src 'self'"), "missing", "Any site may show");
        assertProblem(judge("<p>", CSP + "-Report-Only", "frame-ancestors 'self'"), "missing", "Any site may show");
        assertProblem(
                judge("<meta http-equiv=Content-Security-Policy content=\"frame-ancestors 'self'\">"),
                "missing",
                "browsers ignore frame-ancestors in a meta element");
    }

    @Test
    void what_is_no_page_is_not_framed() {
        assertNotApplicable(
                check.judge(Way.from("https://a.example")
                        .answers("https://a.example/", 200, "Content-Type", "text/plain")
                        .arrived()),
                "text/plain");
    }

    private Verdict judge(String html, String... headers) {
        return check.judge(Way.from("https://a.example")
                .shows("https://a.example/", html, headers)
                .arrived());
    }
}
