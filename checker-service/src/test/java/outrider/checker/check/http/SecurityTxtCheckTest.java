package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertNotApplicable;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;
import static outrider.checker.check.http.Answers.answer;
import static outrider.checker.check.http.Answers.timeout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.Trouble.Kind;

class SecurityTxtCheckTest {

    private static final Instant NOW = Instant.parse("2021-06-01T00:00:00Z");
    private static final String PLACE = "https://a.example/.well-known/security.txt";
    private static final String OLD_PLACE = "https://a.example/security.txt";
    private static final String NOWHERE = "https://a.example/0123.txt";
    private static final Fetched MISSING = answer(PLACE, 404, "");

    private final SecurityTxtCheck check = new SecurityTxtCheck();

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/plain; charset=utf-8", "TEXT/PLAIN;charset=UTF-8"})
    void the_examples_of_the_rfc_pass_while_they_hold(String type) {
        assertPass(judge(file(SecurityTxtTest.UNSIGNED, type)));
        assertPass(judge(file(SecurityTxtTest.SIGNED, type)));
    }

    @Test
    void behind_a_redirect_it_counts_too() {
        assertPass(judge(answer(
                "https://www.b.example/security.txt", 200, SecurityTxtTest.UNSIGNED, "Content-Type", "text/plain")));
    }

    @Test
    void once_it_has_expired_it_is_a_problem() {
        var problem = assertProblem(
                judge(file("Contact: mailto:a@b.example\nExpires: 2021-06-01T00:00:00Z")), "expired", "has expired");
        assertThat(problem.evidence()).containsEntry("expires", "2021-06-01T00:00:00Z");
        assertPass(judge(file("Contact: mailto:a@b.example\nExpires: 2021-06-01T00:00:01Z")));
    }

    @Test
    void what_it_lacks_is_a_problem() {
        assertProblem(judge(file("Contact: mailto:a@b.example")), "expires", "no Expires");
        assertProblem(
                judge(file(
                        "Contact: mailto:a@b.example\nExpires: 2031-01-01T00:00:00Z\nExpires: 2032-01-01T00:00:00Z")),
                "expires",
                "more than one");
        assertProblem(judge(file("Contact: mailto:a@b.example\nExpires: next year")), "expires", "RFC 3339");
        assertProblem(
                judge(file("Contact: a@b.example\nExpires: 2031-01-01T00:00:00Z")), "contact", "names no Contact");
        assertProblem(judge(file(SecurityTxtTest.UNSIGNED, "application/octet-stream")), "type", "text/plain");
        assertProblem(judge(answer(PLACE, 200, SecurityTxtTest.UNSIGNED)), "type", "text/plain");
    }

    @Test
    void each_problem_is_one_of_its_own() {
        assertThat(((Verdict.Fail) judge(MISSING, answer(OLD_PLACE, 200, "Contact: x"))).problems())
                .extracting(Problem::detail)
                .containsExactly("place", "type", "contact", "expires");
    }

    @Test
    void nothing_at_both_places_is_a_problem() {
        assertProblem(judge(MISSING, answer(OLD_PLACE, 410, "")), "missing", "there is no security.txt");
    }

    @Test
    void a_page_in_its_place_is_as_good_as_nothing() {
        var html = answer(PLACE, 200, "<!doctype html><p>Contact: us", "Content-Type", "text/html; charset=utf-8");
        var disguised = answer(PLACE, 200, "\n <html>Contact: us", "Content-Type", "text/plain");

        assertProblem(judge(html, html), "missing", "no security.txt");
        assertProblem(judge(disguised, html), "missing", "no security.txt");
    }

    @Test
    void a_text_that_stands_everywhere_is_as_good_as_nothing() {
        var ok = answer(PLACE, 200, "OK", "Content-Type", "text/plain");

        assertProblem(judge(Optional.of(answer(NOWHERE, 200, "OK")), ok, ok), "missing", "no security.txt");
        assertThat(((Verdict.Fail) judge(Optional.of(answer(NOWHERE, 404, "")), ok)).problems())
                .extracting(Problem::detail)
                .containsExactly("contact", "expires");
        assertCouldNotTell(judge(Optional.of(timeout(NOWHERE)), ok), "did not answer in time");
        assertCouldNotTell(judge(Optional.of(answer(NOWHERE, 503, "")), ok), "answered 503");
    }

    @Test
    void at_its_old_place_only_it_is_a_problem() {
        assertProblem(
                judge(MISSING, answer(OLD_PLACE, 200, SecurityTxtTest.UNSIGNED, "Content-Type", "text/plain")),
                "place",
                "not under /.well-known");
    }

    @Test
    void a_way_over_plain_http_is_a_problem() {
        assertProblem(
                judge(answer(PLACE, 301, "", "Location", "http://b.example/security.txt")), "exposed", "plain HTTP");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 405, 408, 425, 429, 451, 500, 502, 503})
    void what_cannot_be_read_is_an_error(int status) {
        assertCouldNotTell(judge(answer(PLACE, status, "")), "answered " + status);
        assertCouldNotTell(judge(MISSING, answer(OLD_PLACE, status, "")), "answered " + status);
    }

    @Test
    void what_did_not_come_is_an_error() {
        assertCouldNotTell(judge(timeout(PLACE)), "did not answer in time");
        assertCouldNotTell(judge(MISSING, timeout(OLD_PLACE)), "did not answer in time");
        assertCouldNotTell(judge(answer(PLACE, 403, "", "cf-mitigated", "challenge")), "Cloudflare");
        assertCouldNotTell(judge(answer(PLACE, 302, "", "Location", "/again")), "too often");
        var cut = answer(PLACE, 200, "Contact: x");
        assertCouldNotTell(
                judge(new Fetched.Response(cut.url(), 200, cut.headers(), List.of(), cut.body(), true)),
                "did not come in full");
        assertCouldNotTell(judge(), "not asked");
    }

    @Test
    void it_is_asked_of_https_endpoints_that_answer() {
        assertNotApplicable(
                check.judge(Way.from("http://a.example")
                        .answers("http://a.example/", 200)
                        .arrived()),
                "over https only");
        assertCouldNotTell(
                check.judge(Way.from("https://a.example").fails("https://a.example/", Kind.TIMEOUT, "silence")),
                "silence");
        assertCouldNotTell(
                check.judge(Way.from("https://a.example")
                        .answers("https://a.example/", 503)
                        .arrived()),
                "answered 503");
    }

    private static Fetched file(String text) {
        return file(text, "text/plain");
    }

    private static Fetched file(String text, String type) {
        return answer(PLACE, 200, text, "Content-Type", type);
    }

    private Verdict judge(Fetched... places) {
        return judge(Optional.empty(), places);
    }

    private Verdict judge(Optional<Fetched> nowhere, Fetched... places) {
        return check.judge(Way.from("https://a.example")
                .answers("https://a.example/", 200)
                .arrived()
                .with(new Probes(NOW, List.of(), List.of(places), nowhere)));
    }
}
