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
import outrider.checker.check.Verdict;
import outrider.checker.egress.Trouble.Kind;
import outrider.insight.Severity;

class HstsCheckTest {

    private static final String HEADER = "strict-transport-security";

    private final HstsCheck check = new HstsCheck();

    @ParameterizedTest
    @ValueSource(strings = {"max-age=31536000; includeSubDomains; preload", "max-age=15768000", "max-age=15724800"})
    void half_a_year_passes(String value) {
        assertPass(judge(200, HEADER, value));
    }

    @Test
    void no_header_is_a_problem_on_a_redirect_too() {
        assertProblem(judge(200), "missing", "no HSTS header");
        assertProblem(
                judge(Way.from("https://a.example")
                        .answers("https://a.example/", 301, "Location", "https://www.a.example/")
                        .answers("https://www.a.example/", 200, HEADER, "max-age=31536000")),
                "missing",
                "no HSTS header");
    }

    @ParameterizedTest
    @CsvSource({
        "max-age=15000000, short",
        "max-age=0, off",
        "max-age=31536000; max-age=1, malformed",
        "includeSubDomains, malformed"
    })
    void what_browsers_ignore_or_forget_soon_is_a_problem(String value, String detail) {
        assertThat(((Verdict.Fail) judge(200, HEADER, value)).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.detail()).isEqualTo(detail))
                .satisfies(problem ->
                        assertThat(problem.severity()).isEqualTo(detail.equals("short") ? Severity.LOW : null))
                .satisfies(problem -> assertThat(problem.evidence()).containsEntry("header", value));
    }

    @Test
    void of_several_headers_the_first_counts() {
        assertPass(judge(200, HEADER, "max-age=31536000", HEADER, "max-age=0"));
        assertProblem(judge(200, HEADER, "max-age=0", HEADER, "max-age=31536000"), "off", "switches HSTS off");
    }

    @Test
    void a_bad_certificate_makes_it_an_error_whatever_the_header() {
        for (var headers : new String[][] {{}, {HEADER, "max-age=31536000"}, {HEADER, "max-age=0"}}) {
            assertCouldNotTell(
                    judge(Way.from("https://a.example")
                            .answersUntrusted("https://a.example/", 200, "is not valid now", headers)),
                    "browsers ignore HSTS while the certificate is not valid now");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void an_error_page_without_the_header_says_nothing_of_the_others(int status) {
        assertCouldNotTell(judge(status), "leave this header out of error pages");
        assertPass(judge(status, HEADER, "max-age=31536000"));
    }

    @Test
    void a_server_in_trouble_or_a_guard_is_an_error() {
        assertCouldNotTell(judge(503, HEADER, "max-age=31536000"), "answered 503");
        assertCouldNotTell(judge(429), "answered 429");
        assertCouldNotTell(judge(403, "cf-mitigated", "challenge"), "guard against bots");
        assertCouldNotTell(
                check.judge(Way.from("https://a.example").fails("https://a.example/", Kind.TIMEOUT, "no answer")),
                "no answer");
    }

    @Test
    void a_suffix_that_browsers_know_needs_no_header() {
        assertPass(judge(Way.from("https://a.dev").answers("https://a.dev/", 200)));
        assertProblem(
                judge(Way.from("https://a.dev").answers("https://a.dev/", 200, HEADER, "max-age=0")), "off", "off");
    }

    @Test
    void plain_http_and_addresses_are_not_asked() {
        assertNotApplicable(judge(Way.from("http://a.example").answers("http://a.example/", 200)), "https only");
        assertNotApplicable(judge(Way.from("https://192.0.2.1").answers("https://192.0.2.1/", 200)), "names only");
    }

    private Verdict judge(int status, String... headers) {
        return judge(Way.from("https://a.example").answers("https://a.example/", status, headers));
    }

    private Verdict judge(Way way) {
        return check.judge(way.arrived());
    }
}
