package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertNotApplicable;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.HttpFetcher;
import outrider.insight.Severity;

class CspCheckTest {

    private static final String CSP = "Content-Security-Policy";

    private final CspCheck check = new CspCheck();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default-src 'self'",
                "default-src 'none'; script-src 'self' https://cdn.example; style-src 'unsafe-inline'",
                "script-src 'self'; object-src 'none'; img-src *",
                "script-src 'nonce-DhcnhD3khTMePgXwdayK9BsMqXjhguVV' 'strict-dynamic'; object-src 'none'; base-uri 'none'",
                "default-src 'none'; script-src 'unsafe-inline' https: 'nonce-abcdefg' 'strict-dynamic'; base-uri 'self'",
                "sandbox allow-forms"
            })
    void a_policy_that_names_what_runs_passes(String policy) {
        assertPass(judge("<p>", CSP, policy));
    }

    @Test
    void none_is_a_problem() {
        assertProblem(judge("<p>"), "missing", "There is no content security policy");
        assertProblem(judge("<p>", CSP, " ; "), "missing", "no content security policy");
    }

    @Test
    void a_rehearsal_protects_nothing() {
        assertProblem(judge("<p>", CSP + "-Report-Only", "default-src 'self'"), "missing", "only reports");
        assertPass(judge("<p>", CSP + "-Report-Only", "script-src *", CSP, "default-src 'self'"));
    }

    @Test
    void a_policy_in_the_page_counts() {
        assertPass(judge("<meta http-equiv='Content-Security-Policy' content=\"default-src 'self'\">"));
        assertProblem(
                judge("<meta http-equiv='Content-Security-Policy' content='sandbox; frame-ancestors *'>"),
                "missing",
                "no content security policy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "default-src 'self' 'unsafe-inline' | inline",
                "default-src 'self'; script-src-attr 'unsafe-inline' | inline",
                "default-src 'none'; script-src * | any-source",
                "default-src 'none'; script-src https: | any-source",
                "default-src 'none'; script-src 'self' data: | any-source",
                "upgrade-insecure-requests; frame-ancestors 'self' | scripts"
            })
    void a_policy_that_lets_injected_scripts_run_is_a_problem(String policy, String detail) {
        assertProblem(judge("<p>", CSP, policy), detail, "content security policy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "default-src 'self' 'unsafe-eval' | eval",
                "script-src 'self' | gaps",
                "default-src 'none'; script-src 'nonce-abc' | gaps",
                "script-src 'nonce-abc' 'strict-dynamic' | gaps"
            })
    void lesser_holes_are_info(String policy, String detail) {
        assertProblem(judge("<p>", CSP, policy), detail, Severity.INFO, "content security policy");
    }

    @Test
    void each_kind_of_hole_is_told_once() {
        var verdict = judge("<p>", CSP, "script-src * data: 'unsafe-inline' 'unsafe-eval'");
        assertThat(((Verdict.Fail) verdict).problems())
                .extracting(Problem::detail)
                .containsExactly("inline", "any-source", "eval", "gaps");
    }

    @Test
    void what_one_policy_forbids_no_other_allows() {
        assertPass(judge("<p>", CSP, "script-src 'self' 'unsafe-inline'; object-src 'none'", CSP, "default-src *"));
        assertPass(judge("<p>", CSP, "script-src 'self' 'unsafe-inline'; object-src 'none', script-src https:"));
        assertProblem(
                judge("<p>", CSP, "default-src 'self' 'unsafe-inline'", CSP, "default-src https: 'unsafe-inline'"),
                "inline",
                "inline");
    }

    @Test
    void the_evidence_is_the_same_whatever_the_nonce() {
        var first = judge("<p>", CSP, "script-src * 'nonce-abc'; object-src 'none'; base-uri 'none'");
        assertThat(judge("<p>", CSP, "script-src * 'nonce-xyz'; object-src 'none'; base-uri 'none'"))
                .isEqualTo(first);
        assertThat(assertProblem(first, "any-source", "any host").evidence())
                .containsEntry("policy", "script-src * 'nonce-…'");
    }

    @Test
    void an_api_needs_none() {
        assertNotApplicable(
                check.judge(Way.from("https://a.example")
                        .answers("https://a.example/", 200, "Content-Type", "application/json")
                        .arrived()),
                "application/json");
    }

    @Test
    void a_head_without_an_end_is_an_error_unless_all_is_well_so_far() {
        var head = "<style>" + " ".repeat(HttpFetcher.MAX_BODY);
        assertCouldNotTell(judge(head), "longer than what is read");
        assertPass(judge(head, CSP, "default-src 'self'"));
        assertProblem(judge("<p>" + head), "missing", "no content security policy");
    }

    private Verdict judge(String html, String... headers) {
        return check.judge(Way.from("https://a.example")
                .shows("https://a.example/", html, headers)
                .arrived());
    }
}
