package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertNotApplicable;
import static outrider.checker.check.Verdicts.assertPass;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Verdict;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.egress.Trouble.Kind;

class OwnAnswerTest {

    private static final String HTTPS = "https://a.example/";

    @Test
    void the_page_at_the_end_of_its_own_redirects_is_judged() {
        assertPass(judge(Way.from("https://a.example")
                .answers(HTTPS, 302)
                .answers("https://b.example/login", 302)
                .shows("https://a.example:443/home", "<p>")
                .arrived()));
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example, https://www.a.example/",
        "http://a.example, https://a.example/",
        "https://a.example, https://a.example:8443/"
    })
    void a_redirect_elsewhere_is_judged_there(String endpoint, String target) {
        assertNotApplicable(
                judge(Way.from(endpoint)
                        .answers(endpoint + "/", 301)
                        .shows(target, "<p>")
                        .arrived()),
                "it leads to " + target.substring(0, target.length() - 1) + ", an endpoint of its own");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 410})
    void an_error_page_is_an_error(int status) {
        assertCouldNotTell(
                judge(Way.from("https://a.example").answers(HTTPS, status).arrived()), "answered " + status);
    }

    @Test
    void a_server_in_trouble_or_a_guard_is_an_error() {
        assertCouldNotTell(
                judge(Way.from("https://a.example").answers(HTTPS, 503).arrived()), "answered 503");
        assertCouldNotTell(
                judge(Way.from("https://a.example")
                        .answers(HTTPS, 200, "Content-Type", "text/html", "cf-mitigated", "challenge")
                        .arrived()),
                "guard against bots");
        assertCouldNotTell(
                judge(Way.from("https://a.example").answers(HTTPS, 304).arrived()), "neither a page nor");
    }

    @Test
    void no_answer_is_an_error_but_for_a_closed_port_without_tls() {
        assertCouldNotTell(judge(Way.from("https://a.example").fails(HTTPS, Kind.CLOSED, "refused")), "refused");
        assertCouldNotTell(
                judge(Way.from("http://a.example").fails("http://a.example/", Kind.TIMEOUT, "silent")), "silent");
        assertNotApplicable(
                judge(Way.from("http://a.example").fails("http://a.example/", Kind.CLOSED, "refused")),
                "nothing answers plain HTTP here");
    }

    @Test
    void a_way_without_an_end_is_an_error() {
        var way = Way.from("https://a.example").answers(HTTPS, 302);
        assertCouldNotTell(judge(way.ends(new End.Circle(URI.create(HTTPS)))), "circle");
        assertCouldNotTell(judge(way.fails("https://b.example/", Kind.TIMEOUT, "silent")), "silent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain; charset=utf-8", "image/svg+xml"})
    void what_is_no_html_has_no_page(String type) {
        assertNotApplicable(
                judge(Way.from("https://a.example")
                        .answers(HTTPS, 200, "Content-Type", type)
                        .arrived()),
                "which browsers do not show as a page");
    }

    @Test
    void an_empty_answer_has_no_page() {
        assertNotApplicable(
                judge(Way.from("https://a.example").answers(HTTPS, 204).arrived()), "nothing that");
    }

    private static Verdict judge(HttpObservation seen) {
        return OwnAnswer.judgePage(seen, (response, page) -> {
            assertThat(page.whole()).isTrue();
            return Verdict.pass();
        });
    }
}
