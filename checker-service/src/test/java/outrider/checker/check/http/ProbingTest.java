package outrider.checker.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.http.Answers.answer;
import static outrider.checker.check.http.Answers.seen;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import outrider.checker.check.Verdict;
import outrider.checker.egress.Egress;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.HttpFetcher;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;

class ProbingTest {

    private static final String HOST = "www.shop.test";
    private static final String PLACE = "/.well-known/security.txt";
    private static final Behaviour.Answer MISSING =
            Behaviour.page("<p>Not found").status(404);

    private final LoopbackDns dns = LoopbackDns.start(0).zone("shop.test", "www A 127.0.0.1");
    private final LoopbackSite https = LoopbackSite.https(0, CertificateAuthority.selfSigned(Leaf.named(HOST)));
    private final LoopbackSite http = LoopbackSite.http(0);
    private final HttpFetcher fetcher = Egress.fetcher(dns.address());

    @AfterEach
    void stop() throws IOException {
        http.close();
        https.close();
        dns.close();
    }

    @Test
    void a_site_with_a_security_txt_is_asked_three_times() throws InterruptedException {
        https.answer(PLACE, text("Contact: mailto:a@b.example"));

        var probes = probe(page(https, "/"));

        assertThat(paths(https)).containsExactly("/", "/", PLACE);
        assertThat(https.requests().get(0)).containsPattern("Origin: https://[0-9a-f]{16}\\.example");
        assertThat(https.requests().get(1)).contains("Origin: null");
        assertThat(https.requests().get(2)).doesNotContain("Origin");
        assertThat(probes.securityTxt()).hasSize(1);
    }

    @Test
    void one_without_is_asked_at_the_old_place_too() throws InterruptedException {
        https.answer(MISSING);

        probe(page(https, "/"));

        assertThat(paths(https)).containsExactly("/", "/", PLACE, "/security.txt");
    }

    @Test
    void one_that_answers_every_address_with_a_page_needs_no_random_one() throws InterruptedException {
        probe(page(https, "/"));

        assertThat(paths(https)).containsExactly("/", "/", PLACE, "/security.txt");
    }

    @Test
    void one_that_answers_every_address_with_a_text_is_asked_for_a_random_one_once() throws InterruptedException {
        https.answer(text("OK"));

        var probes = probe(page(https, "/"));

        assertThat(paths(https)).hasSize(5).contains(PLACE, "/security.txt");
        assertThat(paths(https).get(3)).matches("/[0-9a-f]{16}\\.txt");
        assertThat(probes.nowhere()).isPresent();
    }

    @Test
    void the_first_cors_probe_may_settle_it() throws InterruptedException {
        https.answer(new Behaviour.Reflect(
                        text("").with("Access-Control-Allow-Credentials", "true"),
                        "Origin",
                        "Access-Control-Allow-Origin"))
                .answer(PLACE, text("Contact: x"));
        var way = page(https, "/");

        var probes = probe(way);

        assertThat(paths(https)).containsExactly("/", PLACE);
        assertThat(new CorsCheck().judge(way.with(probes))).isInstanceOf(Verdict.Fail.class);
    }

    @Test
    void the_page_at_the_end_of_its_own_redirects_is_probed() throws InterruptedException {
        var moved = answer(https.url(HOST) + "/", 302, "");
        probe(seen(https.url(HOST), moved, answer(https.url(HOST) + "/en/", 200, "")));

        assertThat(paths(https)).startsWith("/en/", "/en/");
    }

    @Test
    void over_plain_http_only_the_page_is_probed() throws InterruptedException {
        probe(page(http, "/"));

        assertThat(paths(http)).containsExactly("/", "/");
    }

    @Test
    void who_leads_elsewhere_is_asked_for_its_own_security_txt_only() throws InterruptedException {
        https.answer(PLACE, Behaviour.redirect(https.url(HOST) + "/security.txt"))
                .answer("/security.txt", text("Contact: x"));
        var moved = answer(https.url(HOST) + "/", 302, "");

        var probes = probe(seen(https.url(HOST), moved, answer("https://other.test/", 200, "")));

        assertThat(paths(https)).containsExactly(PLACE, "/security.txt");
        assertThat(probes.securityTxt()).hasSize(1);
        assertThat(probes.cors()).isEmpty();
    }

    @Test
    void nobody_is_asked_more_who_did_not_let_us_in_or_is_not_there() throws InterruptedException {
        var url = https.url(HOST) + "/";
        for (var answer : List.of(
                answer(url, 503, ""),
                answer(url, 403, "", "cf-mitigated", "challenge"),
                answer(url, 200, "<img src=https://img.sedoparking.com/x>"))) {
            probe(seen(https.url(HOST), answer));
        }

        assertThat(https.requests()).isEmpty();
    }

    @Test
    void redirects_without_end_are_given_up_and_none_leads_past_the_guard_or_to_plain_http()
            throws InterruptedException {
        for (var i = 0; i < 20; i++) {
            https.answer("/" + i, Behaviour.redirect("/" + (i + 1)));
        }
        https.answer(PLACE, Behaviour.redirect("/0"));
        assertThat(FoundText.of(probe(page(https, "/")).securityTxt().getLast()))
                .isInstanceOf(FoundText.Unclear.class);
        assertThat(https.requests()).hasSize(2 + 6);

        https.answer(PLACE, Behaviour.redirect("https://169.254.169.254/latest"));
        assertThat(FoundText.of(probe(page(https, "/")).securityTxt().getLast()))
                .isInstanceOfSatisfying(
                        FoundText.Unclear.class,
                        unclear -> assertThat(unclear.why()).contains("egress guard"));

        https.answer(PLACE, Behaviour.redirect(http.url(HOST) + "/security.txt"));
        assertThat(FoundText.of(probe(page(https, "/")).securityTxt().getLast()))
                .isInstanceOf(FoundText.Exposed.class);
        assertThat(http.requests()).isEmpty();
    }

    @Test
    void a_server_that_falls_silent_or_breaks_is_not_pressed() throws InterruptedException {
        for (var trouble : List.of(new Behaviour.Hang(), new Behaviour.Reset(), new Behaviour.Raw("220 ftp\r\n"))) {
            https.answer(trouble);
            var before = https.requests().size();

            var probes = probe(page(https, "/"));

            assertThat(https.requests().size() - before).isEqualTo(2);
            assertThat(probes.cors())
                    .singleElement()
                    .extracting(Probes.Cors::answer)
                    .isInstanceOf(Fetched.Failed.class);
            assertThat(probes.securityTxt()).singleElement().isInstanceOf(Fetched.Failed.class);
        }
    }

    @Test
    void when_time_is_up_nothing_more_is_asked() throws InterruptedException {
        assertThat(probe(page(https, "/"), Duration.ZERO).securityTxt())
                .singleElement()
                .isInstanceOf(Fetched.Failed.class);
        assertThat(https.requests()).isEmpty();

        https.answer(new Behaviour.Hang());
        var begin = System.nanoTime();
        probe(page(https, "/"), Duration.ofMillis(300));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    }

    private Probes probe(HttpObservation way) throws InterruptedException {
        return probe(way, Duration.ofSeconds(20));
    }

    private Probes probe(HttpObservation way, Duration time) throws InterruptedException {
        try (var exchanges = new Exchanges(fetcher.visit())) {
            return new Probing(exchanges, Instant.EPOCH, time).of(way);
        }
    }

    private static HttpObservation page(LoopbackSite site, String path) {
        return seen(site.url(HOST), answer(site.url(HOST) + path, 200, "<p>Hello"));
    }

    private static Behaviour.Answer text(String body) {
        return Behaviour.page(body).with("Content-Type", "text/plain");
    }

    private static List<String> paths(LoopbackSite site) {
        return site.requests().stream().map(head -> head.split(" ", 3)[1]).toList();
    }
}
