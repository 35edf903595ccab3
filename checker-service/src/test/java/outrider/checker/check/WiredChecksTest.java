package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import outrider.checker.egress.FakeTls;
import outrider.checker.egress.TlsVersion;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;
import outrider.embedded.site.ZoneKey;
import outrider.insight.CheckCatalog;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.scan.AssetKind;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.Endpoint;
import outrider.scan.FoundInsight;
import outrider.scan.ScanJob;

/// The checks as they are wired in the service, against servers on loopback.
class WiredChecksTest {

    private static final String HSTS = "Strict-Transport-Security";
    private static final String HOST = "www.shop.test";
    private static final Behaviour.Answer GOOD_PAGE = Behaviour.page("hello")
            .with(HSTS, "max-age=31536000")
            .with("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'")
            .with("X-Content-Type-Options", "nosniff")
            .with("Referrer-Policy", "no-referrer")
            .with("Cross-Origin-Opener-Policy", "same-origin");

    private final CertificateAuthority authority = CertificateAuthority.root("Root", KeyKind.EC_P256);
    private final ZoneKey key = ZoneKey.ecdsa();
    private final LoopbackDns dns = LoopbackDns.start(0)
            .zone(".", key.delegation("shop.test."), key)
            .zone("shop.test", """
                    @       MX    1 mail
                    @       A     127.0.0.1
                    @       TXT   "v=spf1 mx -all"
                    @       CAA   0 issue "ca.example"
                    _dmarc  TXT   "v=DMARC1; p=reject"
                    google._domainkey  TXT  "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
                    mail    A     127.0.0.1
                    www     A     127.0.0.1
                    """, key)
            .vouchExcept();
    private final LoopbackSite https =
            LoopbackSite.https(0, authority.intermediate("Below").issue(Leaf.named(HOST)));
    private final LoopbackSite http = LoopbackSite.http(0);

    @TempDir
    private Path folder;

    private final AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();

    @Configuration(proxyBeanMethods = false)
    @ComponentScan({"outrider.checker.check", "outrider.checker.egress"})
    static class Wiring {

        @Bean
        CheckCatalog catalog() {
            return CheckCatalog.load();
        }

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    @BeforeEach
    void start() throws IOException {
        https.answer(GOOD_PAGE);
        https.answer(
                "/.well-known/security.txt",
                Behaviour.page("Contact: mailto:a@shop.test\nExpires: 2099-01-01T00:00:00Z")
                        .with("Content-Type", "text/plain"));
        http.answer(Behaviour.redirect(https.url(HOST) + "/"));
        TestPropertyValues.of(
                        "outrider.egress.allow=127.0.0.0/8",
                        "outrider.egress.connect-timeout=1s",
                        "outrider.egress.read-timeout=2s",
                        "outrider.egress.exchange-timeout=3s",
                        "outrider.dns.timeout=1s",
                        "outrider.dns.resolver=" + dns.address(),
                        "outrider.trust=" + Files.writeString(folder.resolve("ca.pem"), authority.pem()))
                .applyTo(application);
        application.register(Wiring.class);
        application.refresh();
    }

    @AfterEach
    void stop() {
        application.close();
        https.close();
        http.close();
        dns.close();
    }

    @Test
    void a_healthy_asset_passes_everything() {
        assertThat(states("dns"))
                .isEqualTo(Map.of(
                        "dns.spf shop.test", CheckState.PASS,
                        "dns.dmarc shop.test", CheckState.PASS,
                        "dns.caa shop.test", CheckState.PASS,
                        "dns.dkim shop.test", CheckState.PASS,
                        "dns.dnssec shop.test", CheckState.PASS,
                        "dns.dangling-cname shop.test", CheckState.NOT_APPLICABLE,
                        "dns.internal-ip shop.test", CheckState.PASS,
                        "dns.wildcard shop.test", CheckState.PASS));
        assertThat(states("tls"))
                .isEqualTo(Map.of(
                        "tls.reachable " + https.url(HOST), CheckState.PASS,
                        "tls.protocol " + https.url(HOST), CheckState.PASS,
                        "tls.cert-expiry " + https.url(HOST), CheckState.PASS,
                        "tls.hostname " + https.url(HOST), CheckState.PASS,
                        "tls.chain " + https.url(HOST), CheckState.PASS));
        assertThat(states("http"))
                .containsAllEntriesOf(Map.of(
                        "http.https-redirect " + http.url(HOST), CheckState.PASS,
                        "http.https-redirect " + https.url(HOST), CheckState.NOT_APPLICABLE,
                        "http.hsts " + https.url(HOST), CheckState.PASS,
                        "http.hsts " + http.url(HOST), CheckState.NOT_APPLICABLE,
                        "http.cors " + https.url(HOST), CheckState.PASS,
                        "http.cors " + http.url(HOST), CheckState.NOT_APPLICABLE,
                        "http.security-txt " + https.url(HOST), CheckState.PASS,
                        "http.security-txt " + http.url(HOST), CheckState.NOT_APPLICABLE))
                .containsAllEntriesOf(Map.of(
                        "http.csp " + https.url(HOST), CheckState.PASS,
                        "http.frame " + https.url(HOST), CheckState.PASS,
                        "http.headers-minor " + https.url(HOST), CheckState.PASS,
                        "http.cookies " + https.url(HOST), CheckState.PASS,
                        "http.mixed-sri " + https.url(HOST), CheckState.PASS))
                .containsAllEntriesOf(Map.of(
                        "http.csp " + http.url(HOST), CheckState.NOT_APPLICABLE,
                        "http.frame " + http.url(HOST), CheckState.NOT_APPLICABLE,
                        "http.headers-minor " + http.url(HOST), CheckState.NOT_APPLICABLE,
                        "http.cookies " + http.url(HOST), CheckState.PASS,
                        "http.mixed-sri " + http.url(HOST), CheckState.NOT_APPLICABLE));
    }

    @Test
    void nothing_is_asked_twice() {
        states("dns");
        // 6 for SPF, DMARC and CAA, 14 for DKIM, 3 for DNSSEC, 1 for wildcards; the addresses serve several.
        assertThat(dns.questions()).doesNotHaveDuplicates().hasSize(6 + 14 + 3 + 1);
        states("tls");
        assertThat(https.requests()).isEmpty();
        states("http");
        assertThat(http.requests()).hasSize(1);
        // The page, twice more as other sites ask for it, and security.txt.
        assertThat(https.requests()).doesNotHaveDuplicates().hasSize(4);
    }

    @Test
    void a_weak_asset_fails_and_a_second_scan_finds_the_same_insights() {
        dns.zone(".", "", key).zone("shop.test", """
                        @                  MX   1 mail
                        @                  A    10.0.0.1
                        google._domainkey  TXT  "v=DKIM1; k=ed25519; p=AAAA"
                        *                  A    127.0.0.1
                        """);
        https.identity(CertificateAuthority.selfSigned(Leaf.named("other.test").expiredSince(Duration.ofDays(9))));
        http.answer(Behaviour.page("hello"));

        var first = insights();

        assertThat(first)
                .extracting(insight -> insight.check() + " " + insight.detail())
                .containsExactlyInAnyOrder(
                        "dns.spf missing",
                        "dns.dmarc missing",
                        "dns.caa missing",
                        "dns.dkim google/malformed",
                        "dns.dnssec unsigned",
                        "dns.internal-ip internal",
                        "dns.wildcard ",
                        "tls.cert-expiry ",
                        "tls.hostname ",
                        "tls.chain self-signed",
                        "http.https-redirect no-redirect",
                        "http.csp missing",
                        "http.frame missing",
                        "http.headers-minor ");
        assertThat(insights()).isEqualTo(first);
    }

    @Test
    void a_weak_page_is_found_and_no_value_of_a_cookie_is_kept() {
        https.answer(Behaviour.page("<script src=http://www.shop.test/a.js></script><img src=http://www.shop.test/i>"
                        + "<script src=https://cdn.other.test/b.js></script>")
                .with(HSTS, "max-age=31536000")
                .with("Content-Security-Policy", "script-src * 'unsafe-inline'; object-src 'none'")
                .with("X-Frame-Options", "ALLOW-FROM https://other.test")
                .with("Server", "nginx/1.18.0")
                .with("Set-Cookie", "PHPSESSID=s3cr3t; Path=/"));

        var insights = insights();

        assertThat(insights)
                .extracting(insight -> insight.check() + " " + insight.detail())
                .containsExactlyInAnyOrder(
                        "http.csp inline",
                        "http.csp any-source",
                        "http.frame allow-from",
                        "http.headers-minor ",
                        "http.cookies session",
                        "http.cookies samesite",
                        "http.mixed-sri active",
                        "http.mixed-sri passive",
                        "http.mixed-sri integrity");
        assertThat(insights.toString()).contains("PHPSESSID").doesNotContain("s3cr3t");
    }

    @Test
    void a_missing_header_over_good_tls_is_found() {
        https.answer(GOOD_PAGE.without(HSTS));

        assertThat(insights())
                .extracting(insight -> insight.check() + " " + insight.detail())
                .containsExactly("http.hsts missing");
    }

    @Test
    void an_open_site_without_a_security_txt_is_found() {
        https.answer(new Behaviour.Reflect(
                        GOOD_PAGE.with("Access-Control-Allow-Credentials", "true"),
                        "Origin",
                        "Access-Control-Allow-Origin"))
                .answer("/.well-known/security.txt", Behaviour.page("not found").status(404));

        var first = insights();

        assertThat(first)
                .extracting(insight -> insight.check() + " " + insight.detail())
                .containsExactlyInAnyOrder("http.cors reflected", "http.security-txt missing");
        assertThat(insights()).isEqualTo(first);
    }

    @Test
    void a_challenge_page_and_a_parked_name_open_nothing() {
        https.answer(Behaviour.page("<script id=\"anubis_challenge\">"));
        assertThat(why("http", "http.hsts", https.url(HOST))).contains("Anubis");
        assertThat(run("http").insights()).isEmpty();

        https.answer(Behaviour.page("<img src=https://img.sedoparking.com/x>"));
        assertThat(states("http").values()).containsOnly(CheckState.NOT_APPLICABLE);
    }

    @Test
    void old_tls_beside_that_of_today_is_found_with_one_more_hello() {
        try (var old = FakeTls.before(https, FakeTls.speaking(TlsVersion.TLS_1_0))) {
            var job = job("tls", List.of(new Endpoint("https", HOST, old.port())));

            assertThat(run(job).insights())
                    .extracting(insight -> insight.check() + " " + insight.detail() + " " + insight.title())
                    .containsExactly("tls.protocol old-tls The server accepts TLS 1.0");
            assertThat(old.hellos()).containsExactly(TlsVersion.TLS_1_3, TlsVersion.TLS_1_1, TlsVersion.SSL_3);
        }
    }

    @Test
    void a_site_without_tls_is_found_only_where_it_answers() {
        https.close();
        assertThat(run(job("tls", endpoints())).insights()).isEmpty();

        http.answer(Behaviour.page("hello"));
        assertThat(run(job("tls", endpoints())).insights())
                .extracting(FoundInsight::title)
                .containsExactly("The site at %s has no TLS: nothing listens on port %d"
                        .formatted(http.url(HOST), https.port()));

        http.close();
        assertThat(run(job("tls", endpoints())).results())
                .extracting(CheckResult::state)
                .containsOnly(CheckState.ERROR);
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
    void a_dangling_alias_is_found_and_only_suspected() {
        dns.zone("shop.test", "@ TXT x\nold CNAME shop.azurewebsites.net.").zone("azurewebsites.net", "@ TXT x");
        var id = new UUID(0, 1);
        var job = new ScanJob(id, 1, id, id, AssetKind.HOST, "old.shop.test", List.of(), "dns", Instant.EPOCH);

        assertThat(run(job).insights())
                .filteredOn(insight -> insight.check().value().equals("dns.dangling-cname"))
                .extracting(FoundInsight::detail, FoundInsight::severity, FoundInsight::confidence)
                .containsExactly(Tuple.tuple("provider", Severity.HIGH, Confidence.TENTATIVE));
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
    void an_asset_without_https_has_no_certificate_to_judge() {
        assertThat(run(job("tls", List.of(Endpoint.of(http.url(HOST))))).results())
                .extracting(CheckResult::state)
                .containsOnly(CheckState.NOT_APPLICABLE);
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

    private Map<String, CheckState> states(String checker) {
        return run(checker).results().stream()
                .collect(Collectors.toMap(result -> result.check() + " " + result.subject(), CheckResult::state));
    }

    private String why(String checker, String check, String subject) {
        return run(checker).results().stream()
                .filter(result ->
                        result.check().value().equals(check) && result.subject().equals(subject))
                .filter(result -> result.state() == CheckState.ERROR)
                .map(CheckResult::why)
                .collect(Collectors.joining());
    }

    private List<FoundInsight> insights() {
        return Stream.of("dns", "tls", "http")
                .flatMap(checker -> run(checker).insights().stream())
                .toList();
    }

    private CheckRun run(String checker) {
        return run(job(checker, endpoints()));
    }

    private CheckRun run(ScanJob job) {
        try {
            return CheckRun.of(runner(), job);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private CheckRunner runner() {
        return application.getBean(CheckRunner.class);
    }

    private List<Endpoint> endpoints() {
        return List.of(Endpoint.of(https.url(HOST)), Endpoint.of(http.url(HOST)));
    }

    private static ScanJob job(String checker, List<Endpoint> endpoints) {
        var id = new UUID(0, 1);
        return new ScanJob(id, 1, id, id, AssetKind.ZONE, "shop.test", endpoints, checker, Instant.EPOCH);
    }
}
