package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertNotApplicable;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Verdict;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.egress.Trouble.Kind;
import outrider.insight.Severity;

class HttpsRedirectCheckTest {

    private static final String HTTP = "http://a.example/";
    private static final String HTTPS = "https://a.example/";

    private final HttpsRedirectCheck check = new HttpsRedirectCheck();

    @ParameterizedTest
    @ValueSource(ints = {200, 301, 403, 404, 500, 503})
    void https_on_the_same_host_passes_whatever_it_answers_there(int status) {
        assertPass(arrived(Way.from("http://a.example").answers(HTTP, 301).answers(HTTPS, status)));
    }

    @Test
    void ports_do_not_matter() {
        assertPass(arrived(Way.from("http://a.example:8080")
                .answers("http://a.example:8080/", 308)
                .answers("https://a.example:8443/x", 200)));
    }

    @Test
    void going_on_to_another_host_afterwards_is_fine() {
        assertPass(arrived(Way.from("http://a.example")
                .answers(HTTP, 301)
                .answers(HTTPS, 301)
                .answers("https://www.a.example/", 200)));
    }

    @Test
    void another_host_first_is_low() {
        var problem = assertProblem(
                arrived(Way.from("http://a.example").answers(HTTP, 301).answers("https://www.a.example/", 200)),
                "other-host",
                Severity.LOW,
                "another host first");
        assertThat(problem.evidence()).containsEntry("way", "301 http://a.example\n200 https://www.a.example");
    }

    @Test
    void a_detour_over_plain_http_is_low() {
        assertProblem(
                arrived(Way.from("http://a.example")
                        .answers(HTTP, 301)
                        .answers("http://www.a.example/", 301)
                        .answers("https://www.a.example/", 200)),
                "detour",
                Severity.LOW,
                "another redirect over plain HTTP");
    }

    @Test
    void a_page_over_plain_http_is_a_problem_wherever_it_is() {
        assertProblem(arrived(Way.from("http://a.example").answers(HTTP, 200)), "no-redirect", "without a redirect");
        assertProblem(
                arrived(Way.from("http://a.example").answers(HTTP, 302).answers("http://www.a.example/", 200)),
                "no-redirect",
                "without a redirect");
    }

    @Test
    void a_password_over_plain_http_is_a_problem() {
        assertProblem(arrived(Way.from("http://a.example").answers(HTTP, 401)), "password", "password");
    }

    @Test
    void a_way_back_to_plain_http_is_a_problem() {
        assertProblem(
                check.judge(Way.from("http://a.example")
                        .answers(HTTP, 301)
                        .answers(HTTPS, 302)
                        .ends(new End.Circle(URI.create(HTTP)))),
                "downgrade",
                "back to plain HTTP");
        assertProblem(
                arrived(Way.from("http://a.example")
                        .answers(HTTP, 301)
                        .answers(HTTPS, 302)
                        .answers("http://b.example/", 200)),
                "downgrade",
                "back to plain HTTP");
    }

    @Test
    void a_circle_within_https_leads_nowhere_but_not_back() {
        assertPass(check.judge(Way.from("http://a.example")
                .answers(HTTP, 301)
                .answers(HTTPS, 302)
                .ends(new End.Circle(URI.create(HTTPS)))));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 405, 410, 421, 426})
    void refusing_plain_http_leaves_nothing_to_redirect(int status) {
        assertNotApplicable(
                arrived(Way.from("http://a.example").answers(HTTP, status)), "refuses plain HTTP with " + status);
    }

    @Test
    void a_closed_port_leaves_nothing_to_redirect() {
        assertNotApplicable(
                check.judge(Way.from("http://a.example").fails(HTTP, Kind.CLOSED, "refused")),
                "connection was refused");
    }

    @Test
    void an_https_endpoint_is_not_asked() {
        assertNotApplicable(arrived(Way.from("https://a.example").answers(HTTPS, 200)), "https already");
    }

    @Test
    void what_did_not_answer_is_an_error() {
        assertCouldNotTell(
                check.judge(Way.from("http://a.example").fails(HTTP, Kind.TIMEOUT, "it did not answer in time")),
                "it did not answer in time");
        for (var status : new int[] {429, 500, 502, 503}) {
            assertCouldNotTell(arrived(Way.from("http://a.example").answers(HTTP, status)), "answered " + status);
        }
        assertCouldNotTell(arrived(Way.from("http://a.example").answers(HTTP, 304)), "neither a page nor a redirect");
        assertCouldNotTell(
                arrived(Way.from("http://a.example").answers(HTTP, 403, "cf-mitigated", "challenge")),
                "guard against bots");
    }

    @Test
    void a_way_that_cannot_be_followed_to_its_end_is_an_error() {
        var redirected = Way.from("http://a.example").answers(HTTP, 301);

        assertCouldNotTell(
                check.judge(redirected.fails(
                        "http://169.254.169.254/", Kind.REFUSED_BY_GUARD, "refused by the egress guard: x")),
                "redirects to http://169.254.169.254/, and there: refused by the egress guard");
        assertCouldNotTell(check.judge(redirected.ends(new End.Circle(URI.create(HTTP)))), "circle");
        assertCouldNotTell(check.judge(redirected.ends(new End.TooLong())), "more often");
        assertCouldNotTell(check.judge(redirected.ends(new End.Nowhere("gopher://x"))), "no web address: gopher://x");
        assertCouldNotTell(
                check.judge(redirected.answers(HTTPS, 302).fails("https://b.example/", Kind.TIMEOUT, "silent")),
                "silent");
    }

    private Verdict arrived(Way way) {
        return check.judge(way.arrived());
    }
}
