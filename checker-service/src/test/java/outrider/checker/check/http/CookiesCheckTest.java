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
import outrider.checker.egress.Trouble.Kind;
import outrider.insight.Severity;

class CookiesCheckTest {

    private static final String URL = "https://a.example/";
    private static final String COOKIE = "Set-Cookie";

    private final CookiesCheck check = new CookiesCheck();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PHPSESSID=1; Secure; HttpOnly; SameSite=Lax",
                "__Host-session=1; Path=/; Secure; HttpOnly; SameSite=Strict",
                "session=1; Secure; HttpOnly; SameSite=None",
                "theme=dark; Secure",
                "XSRF-TOKEN=1; Secure; SameSite=Lax",
                "__RequestVerificationToken=1; Secure",
                "session=; Max-Age=0"
            })
    void a_guarded_cookie_passes(String cookie) {
        assertPass(judge(cookie));
    }

    @Test
    void no_cookies_pass() {
        assertPass(check.judge(Way.from("https://a.example").answers(URL, 200).arrived()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PHPSESSID=s3cr3t; HttpOnly; SameSite=Lax",
                "connect.sid=s3cr3t; Secure; SameSite=Lax",
                "ASP.NET_SessionId=s3cr3t; SameSite=Lax",
                "accessToken=s3cr3t; SameSite=Lax",
                "wordpress_logged_in_1=s3cr3t; SameSite=Lax",
                "SSESS0a1b2c=s3cr3t; SameSite=Strict"
            })
    void an_open_session_cookie_is_medium(String cookie) {
        var problem = assertProblem(judge(cookie), "session", Severity.MEDIUM, "lacks Secure or HttpOnly");
        assertThat(problem.evidence().toString()).contains(cookie.split("=")[0]).doesNotContain("s3cr3t");
    }

    @Test
    void a_session_cookie_without_same_site_is_low() {
        assertProblem(judge("session=1; Secure; HttpOnly"), "samesite", "SameSite");
        assertProblem(judge("session=1; Secure; HttpOnly; SameSite=Maybe"), "samesite", "SameSite");
    }

    @ParameterizedTest
    @ValueSource(strings = {"theme=dark", "csrftoken=1; SameSite=Lax", "possession=1", "assessment=1"})
    void another_cookie_lacks_only_secure(String cookie) {
        assertProblem(judge(cookie), "secure", "without Secure");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__cf_bm=1",
                "AWSALBCORS=1",
                "incap_ses_1_2=1",
                "BIGipServerpool=1",
                "TS01abcdef=1",
                "ak_bmsc=1",
                "ARRAffinity=1; HttpOnly"
            })
    void a_cookie_of_a_machine_in_front_is_left_out(String cookie) {
        assertPass(judge(cookie));
    }

    /// The examples of RFC 6265bis, section 4.1.3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "__Secure-SID=12345; Domain=a.example | true",
                "__Secure-SID=12345; Domain=a.example; Secure | false",
                "__Host-SID=12345 | true",
                "__Host-SID=12345; Secure | true",
                "__Host-SID=12345; Domain=a.example | true",
                "__Host-SID=12345; Domain=a.example; Path=/ | true",
                "__Host-SID=12345; Secure; Domain=a.example; Path=/ | true",
                "__Host-SID=12345; Secure; Path=/ | false",
                "__host-SID=12345; Path=/ | true",
                "SID=12345; SameSite=None | true"
            })
    void a_prefix_is_held_to(String cookie, boolean refused) {
        var guarded = cookie.contains("SameSite") ? cookie + "; HttpOnly" : cookie + "; HttpOnly; SameSite=Lax";
        if (refused) {
            assertProblem(judge(guarded), "refused", "contradict each other");
        } else {
            assertPass(judge(guarded));
        }
    }

    @Test
    void cookies_of_every_own_answer_count_and_those_of_other_hosts_do_not() {
        assertProblem(
                check.judge(Way.from("https://a.example")
                        .answers(URL, 302, COOKIE, "theme=dark")
                        .answers("https://b.example/", 302, COOKIE, "PHPSESSID=1")
                        .answers("https://a.example/home", 200)
                        .arrived()),
                "secure",
                "without Secure");
        assertPass(check.judge(Way.from("https://a.example")
                .answers(URL, 302)
                .answers("https://b.example/", 404, COOKIE, "PHPSESSID=1")
                .arrived()));
    }

    @Test
    void a_later_cookie_replaces_the_one_before_it() {
        assertPass(check.judge(Way.from("https://a.example")
                .answers(URL, 302, COOKIE, "theme=dark")
                .answers("https://a.example/home", 200, COOKIE, "theme=dark; Secure")
                .arrived()));
    }

    @Test
    void a_cookie_for_somebody_else_comes_to_nothing() {
        assertPass(judge("theme=dark; Domain=b.example"));
        assertProblem(judge("theme=dark; Domain=a.example"), "secure", "without Secure");
    }

    @Test
    void over_plain_http_a_session_is_open_and_secure_is_refused() {
        assertProblem(plain("session=1; HttpOnly; SameSite=Lax"), "session", Severity.MEDIUM, "over plain HTTP");
        assertProblem(plain("session=1; HttpOnly; SameSite=Lax; Secure"), "refused", "contradict each other");
        assertPass(plain("theme=dark"));
    }

    @Test
    void each_kind_of_problem_is_told_once() {
        var seen = Way.from("https://a.example")
                .answers(URL, 200, COOKIE, "b=1", COOKIE, "a=1", COOKIE, "sid=1; Path=/x", COOKIE, "__Host-x=1")
                .arrived();
        assertThat(((Verdict.Fail) check.judge(seen)).problems())
                .extracting(Problem::detail)
                .containsExactly("session", "secure", "samesite", "refused");
        assertThat(((Verdict.Fail) check.judge(seen)).problems().get(1).evidence())
                .containsEntry("cookies", "a: no attributes\nb: no attributes");
    }

    @Test
    void an_error_on_the_way_is_an_error() {
        assertCouldNotTell(
                check.judge(Way.from("https://a.example").answers(URL, 404).arrived()), "answered 404");
        assertCouldNotTell(
                check.judge(Way.from("https://a.example").answers(URL, 503).arrived()), "answered 503");
        assertCouldNotTell(
                check.judge(Way.from("https://a.example")
                        .answers(URL, 302)
                        .fails("https://a.example/x", Kind.TIMEOUT, "silent")),
                "silent");
        assertNotApplicable(
                check.judge(Way.from("http://a.example").fails("http://a.example/", Kind.CLOSED, "refused")),
                "nothing answers");
    }

    private Verdict judge(String cookie) {
        return check.judge(
                Way.from("https://a.example").answers(URL, 200, COOKIE, cookie).arrived());
    }

    private Verdict plain(String cookie) {
        return check.judge(Way.from("http://a.example")
                .answers("http://a.example/", 200, COOKIE, cookie)
                .arrived());
    }
}
