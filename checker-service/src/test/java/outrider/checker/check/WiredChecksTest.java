package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import outrider.checker.egress.FakeTls;
import outrider.checker.egress.TlsVersion;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Leaf;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.scan.AssetKind;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.Endpoint;
import outrider.scan.FoundInsight;
import outrider.scan.ScanJob;

/// What the wired checks find, and what they find in order.
class WiredChecksTest extends WiredChecks {

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
    void an_asset_without_https_has_no_certificate_to_judge() {
        assertThat(run(job("tls", List.of(Endpoint.of(http.url(HOST))))).results())
                .extracting(CheckResult::state)
                .containsOnly(CheckState.NOT_APPLICABLE);
    }
}
