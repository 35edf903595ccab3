package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertNotApplicable;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;
import static outrider.checker.check.http.Answers.answer;
import static outrider.checker.check.http.Answers.timeout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.checker.check.Verdict;
import outrider.checker.check.http.HttpObservation.End;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.Trouble.Kind;

class CorsCheckTest {

    private static final String URL = "https://a.example/";
    private static final String FOREIGN = "https://0123.example";
    private static final String ORIGIN = "Access-Control-Allow-Origin";
    private static final String CREDENTIALS = "Access-Control-Allow-Credentials";

    private final CorsCheck check = new CorsCheck();

    @Test
    void a_reflected_origin_with_credentials_is_a_problem() {
        var problem = assertProblem(
                judge(answer(URL, 200, "", "access-control-allow-origin", FOREIGN, CREDENTIALS, "true")),
                "reflected",
                "whatever origin asks is allowed");

        assertThat(problem.evidence().values()).noneMatch(text -> text.contains("0123"));
    }

    @Test
    void the_origin_null_with_credentials_is_a_problem_whoever_asks() {
        var allowsNull = answer(URL, 200, "", ORIGIN, "null", CREDENTIALS, "true");

        assertProblem(judge(answer(URL, 200, ""), allowsNull), "null", "the origin 'null' is allowed");
        assertProblem(judge(allowsNull), "null", "the origin 'null' is allowed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                    | -",
                "-                    | true",
                "*                    | -",
                "*                    | true",
                "https://0123.example | -",
                "https://0123.example | false",
                "https://0123.example | TRUE",
                "https://0123.example | true, true",
                "https://0123.example, https://0123.example | true",
                "https://0123.example.evil | true",
                "HTTPS://0123.EXAMPLE | true",
                "https://app.example  | true",
                "null                 | -",
                "Null                 | true"
            })
    void what_browsers_do_not_open_is_fine(String origin, String credentials) {
        var headers = new ArrayList<String>();
        if (origin != null) {
            headers.addAll(List.of(ORIGIN, origin));
        }
        if (credentials != null) {
            headers.addAll(List.of(CREDENTIALS, credentials));
        }
        var answer = answer(URL, 200, "", headers.toArray(String[]::new));

        assertPass(judge(answer, answer));
    }

    @Test
    void a_header_that_comes_twice_opens_nothing() {
        assertPass(judge(answer(URL, 200, "", ORIGIN, FOREIGN, ORIGIN, FOREIGN, CREDENTIALS, "true")));
    }

    @Test
    void a_site_that_refuses_strangers_passes() {
        assertPass(judge(answer(URL, 403, "no"), answer(URL, 400, "no")));
    }

    @Test
    void a_probe_without_an_answer_of_the_site_is_an_error() {
        assertCouldNotTell(judge(timeout(URL)), "did not answer in time");
        assertCouldNotTell(judge(answer(URL, 200, ""), timeout(URL)), "did not answer in time");
        assertCouldNotTell(judge(answer(URL, 503, "")), "answered 503");
        assertCouldNotTell(judge(answer(URL, 403, "", "cf-mitigated", "challenge")), "Cloudflare");
        assertCouldNotTell(judge(answer(URL, 302, "", "Location", "/login")), "redirects");
        assertCouldNotTell(judge(), "not asked");
    }

    @Test
    void what_was_seen_open_is_a_problem_though_the_next_probe_failed() {
        assertProblem(
                judge(answer(URL, 200, "", ORIGIN, FOREIGN, CREDENTIALS, "true"), timeout(URL)),
                "reflected",
                "whatever origin");
    }

    @Test
    void only_the_endpoints_own_page_is_judged() {
        assertNotApplicable(
                check.judge(Way.from("https://a.example")
                        .answers(URL, 301)
                        .answers("https://b.example/", 200)
                        .arrived()),
                "leads to https://b.example");
        assertNotApplicable(
                check.judge(
                        Way.from("http://a.example").fails("http://a.example/", Kind.CLOSED, "nothing listens there")),
                "refused");
        assertCouldNotTell(check.judge(Way.from("https://a.example").fails(URL, Kind.TIMEOUT, "silence")), "silence");
        assertCouldNotTell(
                check.judge(Way.from("https://a.example").answers(URL, 301).ends(new End.TooLong())), "more often");
        assertCouldNotTell(
                check.judge(Way.from("https://a.example").answers(URL, 404).arrived()), "an error page");
    }

    private Verdict judge(Fetched... answers) {
        var origins = List.of(FOREIGN, "null");
        var probes = new ArrayList<Probes.Cors>();
        for (var answer : answers) {
            probes.add(new Probes.Cors(origins.get(probes.size()), answer));
        }
        return check.judge(Way.from("https://a.example")
                .answers(URL, 200)
                .arrived()
                .with(new Probes(Instant.EPOCH, probes, List.of(), Optional.empty())));
    }
}
