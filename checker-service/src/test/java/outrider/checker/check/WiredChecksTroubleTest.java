package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;
import outrider.scan.AssetKind;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.Endpoint;
import outrider.scan.ScanJob;

/// What nobody could tell: the wired checks before servers that fail, lie, hang or refuse.
class WiredChecksTroubleTest extends WiredChecks {

    @Test
    void a_challenge_page_and_a_parked_name_open_nothing() {
        https.answer(Behaviour.page("<script id=\"anubis_challenge\">"));
        assertThat(why("http", "http.hsts", https.url(HOST))).contains("Anubis");
        assertThat(run("http").insights()).isEmpty();

        https.answer(Behaviour.page("<img src=https://img.sedoparking.com/x>"));
        assertThat(states("http").values()).containsOnly(CheckState.NOT_APPLICABLE);
    }

    @Test
    void hsts_over_a_bad_certificate_is_an_error() {
        https.identity(authority.issue(Leaf.named("other.test")));

        assertThat(why("http", "http.hsts", https.url(HOST)))
                .isEqualTo("browsers ignore HSTS while the certificate is not for this host; see the tls checks");
    }

    @Test
    void a_redirect_to_the_metadata_service_is_shown_and_not_followed() {
        http.answer(Behaviour.redirect("http://169.254.169.254/latest/meta-data/"));

        assertThat(why("http", "http.https-redirect", http.url(HOST)))
                .startsWith("it redirects to http://169.254.169.254/latest/meta-data/, and there: refused by the egress"
                        + " guard: 169.254.169.254 is the metadata service");
    }

    @Test
    void failures_are_errors_with_a_reason_and_open_nothing() {
        dns.fail("shop.test", "TXT", LoopbackDns.Failure.SERVFAIL)
                .fail("shop.test", "CAA", LoopbackDns.Failure.REFUSED);
        https.connect(LoopbackSite.Connect.RESET);
        http.connect(LoopbackSite.Connect.HANG);

        var runs = Stream.of("dns", "tls", "http").map(this::run).toList();

        assertThat(runs).flatExtracting(CheckRun::insights).isEmpty();
        assertThat(runs)
                .flatExtracting(CheckRun::results)
                .filteredOn(result -> result.state() != CheckState.NOT_APPLICABLE)
                .extracting(result -> result.check() + " " + result.state())
                .containsExactlyInAnyOrder(
                        "dns.spf ERROR",
                        "dns.dmarc PASS",
                        "dns.caa ERROR",
                        "dns.dkim PASS",
                        "dns.dnssec PASS",
                        "dns.internal-ip PASS",
                        "dns.wildcard PASS",
                        "tls.reachable ERROR",
                        "tls.protocol ERROR",
                        "tls.cert-expiry ERROR",
                        "tls.hostname ERROR",
                        "tls.chain ERROR",
                        "http.https-redirect ERROR",
                        "http.hsts ERROR",
                        "http.cors ERROR",
                        "http.cors ERROR",
                        "http.security-txt ERROR",
                        "http.csp ERROR",
                        "http.csp ERROR",
                        "http.frame ERROR",
                        "http.frame ERROR",
                        "http.headers-minor ERROR",
                        "http.headers-minor ERROR",
                        "http.cookies ERROR",
                        "http.cookies ERROR",
                        "http.mixed-sri ERROR",
                        "http.mixed-sri ERROR");
    }

    @Test
    void the_page_of_a_provider_is_asked_for_through_the_guard() {
        dns.zone("shop.test", "@ TXT x\nold CNAME shop.github.io.").zone("github.io", "shop A 10.0.0.1");
        var id = new UUID(0, 1);
        var job = new ScanJob(id, 1, id, id, AssetKind.HOST, "old.shop.test", List.of(), "dns", Instant.EPOCH);

        assertThat(run(job).results())
                .filteredOn(result -> result.check().value().equals("dns.dangling-cname"))
                .extracting(CheckResult::why)
                .containsExactly("refused by the egress guard: 10.0.0.1 is Private-Use");
    }

    @Test
    void servers_that_lie_or_break_or_never_end_open_nothing() {
        for (var i = 0; i < 20; i++) {
            http.answer("/" + i, Behaviour.redirect("/" + (i + 1)));
        }
        http.answer(Behaviour.redirect("/0"));
        for (var trouble : List.of(
                new Behaviour.Reset(),
                new Behaviour.Raw("SSH-2.0-OpenSSH_9.9\r\n"),
                new Behaviour.Raw("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(100_000) + "\r\n"),
                new Behaviour.Raw("HTTP/1.1 200 OK\r\na: " + "b".repeat(1_000_000)),
                new Behaviour.Drip(Behaviour.page("x"), Duration.ofMillis(200)))) {
            https.answer(trouble);

            var run = run("http");

            assertThat(run.insights()).isEmpty();
            assertThat(run.results())
                    .filteredOn(result -> result.state() != CheckState.NOT_APPLICABLE)
                    .hasSize(15)
                    .allSatisfy(result -> assertThat(result.state()).isEqualTo(CheckState.ERROR));
        }
    }

    @Test
    void an_endless_page_is_judged_by_its_head_and_no_endless_text_is_a_security_txt() {
        https.answer(new Behaviour.Endless(Map.of(HSTS, "max-age=31536000", "Content-Type", "text/plain")))
                .answer("/.well-known/security.txt", new Behaviour.Endless(Map.of("Content-Type", "text/plain")));

        assertThat(states("http"))
                .containsEntry("http.hsts " + https.url(HOST), CheckState.PASS)
                .containsEntry("http.cors " + https.url(HOST), CheckState.PASS)
                .containsEntry("http.security-txt " + https.url(HOST), CheckState.ERROR);
    }

    @Test
    void a_host_that_does_not_resolve_is_an_error_everywhere() {
        var gone = job("tls", List.of(Endpoint.of("https://gone.shop.test")));

        assertThat(run(gone).results())
                .extracting(CheckResult::why)
                .containsOnly("its name does not resolve: gone.shop.test does not exist (NXDOMAIN)");
    }

    @Test
    void an_interrupt_ends_a_scan_of_a_server_that_hangs() throws Exception {
        http.answer(new Behaviour.Hang());
        var ended = new CompletableFuture<Exception>();
        var thread = Thread.ofVirtual().start(() -> {
            try {
                CheckRun.of(runner(), job("http", endpoints()));
            } catch (InterruptedException e) {
                ended.complete(e);
            }
        });
        Awaitility.await().until(() -> !http.requests().isEmpty());

        thread.interrupt();

        assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
}
