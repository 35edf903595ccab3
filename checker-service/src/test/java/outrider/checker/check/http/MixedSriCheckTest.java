package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertNotApplicable;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;
import static outrider.checker.check.Verdicts.problem;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.check.http.HttpObservation.Hop;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.HttpFetcher;
import outrider.insight.Severity;
import outrider.scan.Endpoint;

class MixedSriCheckTest {

    private static final String HASH = "sha384-Li9vy3DqF8tnTXuiaAJuML3ky+er10rcgNR/VqsVpcw+ThHmYcwiB1pbOxEbzJr7";

    private final MixedSriCheck check = new MixedSriCheck();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p>nothing",
                "<script src=/a.js></script><link rel=stylesheet href=//www.a.example/a.css>",
                "<script src=https://cdn.a.example/a.js></script>",
                "<img src=https://b.example/i>",
                "<script src=//b.example/a.js integrity='" + HASH + "' crossorigin></script>",
                "<iframe src=https://b.example/></iframe>",
                "<img src=data:,x><script src='data:text/javascript,0'></script>",
                "<script src=http://localhost:8080/a.js></script><img src=http://127.0.0.1/i>",
                "<a href=http://b.example/>"
            })
    void what_comes_safely_passes(String html) {
        assertPass(judge(html));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<script src=http://a.example/a.js></script> | active | script http://a.example/a.js",
                "<link rel=stylesheet href=http://b.example/a.css?v=17> | active | style http://b.example/a.css",
                "<iframe src=http://b.example/f></iframe> | active | frame http://b.example/f",
                "<base href=http://a.example/x/><script src=a.js></script> | active | script http://a.example/x/a.js",
                "<form action=http://a.example/login></form> | form | form http://a.example/login"
            })
    void what_comes_or_goes_over_plain_http_is_a_problem(String html, String detail, String resource) {
        assertThat(assertProblem(judge(html), detail, "plain HTTP").evidence()).containsEntry("resources", resource);
    }

    @Test
    void pictures_over_plain_http_are_info() {
        assertProblem(judge("<img src=http://b.example/i>"), "passive", Severity.INFO, "pictures or sound");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script src=https://b.example/a.js></script>",
                "<script src=//b.example/a.js integrity=sha384-broken></script>",
                "<link rel=stylesheet href=https://b.example/a.css>"
            })
    void another_sites_script_without_a_hash_is_info(String html) {
        assertProblem(judge(html), "integrity", Severity.INFO, "without holding them to a hash");
    }

    @Test
    void another_customer_of_the_same_host_is_another_site() {
        var page = "<script src=https://b.github.io/a.js></script>";
        assertProblem(judge("https://a.github.io", page), "integrity", Severity.INFO, "without holding");
    }

    @Test
    void addresses_are_one_site_only_if_they_are_the_same() {
        assertPass(judge("https://192.0.2.1", "<script src=https://192.0.2.1:8443/a.js></script>"));
        assertProblem(
                judge("https://192.0.2.1", "<script src=https://198.51.2.1/a.js></script>"),
                "integrity",
                Severity.INFO,
                "without holding");
    }

    @Test
    void upgrading_mends_all_that_is_mixed() {
        var html =
                "<script src=http://a.example/a.js></script><img src=http://a.example/i><form action=http://a.example/f>";
        assertPass(judge("https://a.example", html, "Content-Security-Policy", "upgrade-insecure-requests"));
        assertPass(judge("<meta http-equiv=content-security-policy content=upgrade-insecure-requests>" + html));
        assertThat(((Verdict.Fail) judge(
                                "https://a.example",
                                html,
                                "Content-Security-Policy-Report-Only",
                                "upgrade-insecure-requests"))
                        .problems())
                .extracting(Problem::detail)
                .containsExactly("active", "form", "passive");
    }

    @Test
    void scripts_that_other_scripts_insert_are_not_seen() {
        assertPass(judge("<script>document.write('<script src=http://b.example/a.js><\\/script>')</script>"));
    }

    @Test
    void many_are_told_in_part_and_always_the_same_part() {
        var html = IntStream.range(0, 50)
                .mapToObj("<img src=http://b.example/%02d>"::formatted)
                .collect(Collectors.toList());
        var first = problem(judge(String.join("", html)));
        assertThat(first.evidence().getOrDefault("resources", "").lines())
                .hasSize(21)
                .startsWith("media http://b.example/00")
                .endsWith("and 30 more");
        assertThat(problem(judge(String.join("", html.reversed())))).isEqualTo(first);
    }

    @Test
    void a_page_that_was_not_read_to_its_end_is_an_error_whatever_was_seen() {
        var bad = "<script src=http://b.example/a.js></script>";
        assertCouldNotTell(judge(bad + " ".repeat(HttpFetcher.MAX_BODY)), "larger than what is read");
        assertCouldNotTell(check.judge(brokenOff(bad)), "larger than what is read");
    }

    @Test
    void a_page_over_plain_http_is_not_asked() {
        assertNotApplicable(judge("http://a.example", "<img src=http://b.example/i>"), "plain HTTP");
    }

    private Verdict judge(String html) {
        return judge("https://a.example", html);
    }

    private Verdict judge(String endpoint, String html, String... headers) {
        return check.judge(
                Way.from(endpoint).shows(endpoint + "/", html, headers).arrived());
    }

    private static HttpObservation brokenOff(String html) {
        var whole =
                Way.from("https://a.example").shows("https://a.example/", html).arrived();
        var response = whole.hops().getLast().response();
        var part = new Fetched.Response(
                URI.create("https://a.example/"), 200, response.headers(), List.of(), response.body(), true);
        return new HttpObservation(
                Endpoint.of("https://a.example"),
                List.of(new Hop(part, Optional.empty())),
                new End.Arrived(),
                Page.of(part));
    }
}
