package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;
import outrider.scan.AssetKind;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.Endpoint;
import outrider.scan.ScanJob;

/// Every way to make a scanner dial what it must not, tried on the checkers as they are wired in the service. Traps
/// listen on loopback, where the site to scan is too, and note whoever comes.
class SsrfTest {

    /// On Linux the whole block is loopback; only this address of it may be scanned here.
    private static final String SITE = "127.0.0.77";

    private final Traps traps = new Traps();
    private final LoopbackDns dns = LoopbackDns.start(0).zone(".", "");
    private final LoopbackSite site = LoopbackSite.http(0);
    private final AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();
    private final int port = traps.add("127.0.0.1", 0);

    @BeforeEach
    void listen() {
        traps.add("::1", port);
    }

    @AfterEach
    void stop() throws IOException {
        application.close();
        site.close();
        dns.close();
        traps.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A 127.0.0.1",
                "A 0.0.0.0",
                "A 10.0.0.1",
                "A 192.168.1.1",
                "A 172.16.0.1",
                "A 100.64.0.1",
                "A 169.254.169.254",
                "A 168.63.129.16",
                "A 100.100.100.200",
                "A 192.0.0.192",
                "A 224.0.0.1",
                "A 255.255.255.255",
                "AAAA ::1",
                "AAAA ::",
                "AAAA ::ffff:127.0.0.1",
                "AAAA ::ffff:a9fe:a9fe",
                "AAAA ::127.0.0.1",
                "AAAA ::ffff:0:127.0.0.1",
                "AAAA 64:ff9b::127.0.0.1",
                "AAAA 64:ff9b:1::127.0.0.1",
                "AAAA 2002:7f00:1::1",
                "AAAA 2001:0:7f00:1::1",
                "AAAA 2001:0:808:808::80ff:fffe",
                "AAAA 2a00::5efe:127.0.0.1",
                "AAAA fe80::1",
                "AAAA fec0::1",
                "AAAA fd00::1",
                "AAAA fd00:ec2::254",
                "AAAA fd20:ce::254",
                "AAAA ff02::1",
                "AAAA 2001:db8::1",
                "AAAA 3fff::1",
                "AAAA 5f00::1"
            })
    void a_name_that_leads_to_a_reserved_address_is_refused(String record) {
        dns.zone("evil.test", "www " + record);
        start("outrider.egress.allow=" + SITE);

        assertRefused("www.evil.test", port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "169.254.169.254",
                "[::1]",
                "[::]",
                "[::ffff:7f00:1]",
                "[::ffff:a9fe:a9fe]",
                "[::7f00:1]",
                "[64:ff9b::7f00:1]",
                "[fe80::1]",
                "[::1%1]",
                "[fe80::1%lo]",
                "2130706433",
                "017700000001",
                "0x7f000001",
                "0x7f.1",
                "0177.0.0.1",
                "127.1",
                "127.0.0.1.",
                "127.0.1"
            })
    void an_address_in_place_of_a_name_is_refused_however_it_is_written(String host) {
        start("outrider.egress.allow=" + SITE);

        assertRefused(host, port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:%d/",
                "http://\uFF11\uFF12\uFF17.0.0.1:%d/",
                "http://[::1]:%d/",
                "http://[::ffff:7f00:1]:%d/",
                "http://trap.evil.test:%d/",
                "//trap.evil.test:%d/",
                "https://trap.evil.test:%d/",
                "http://169.254.169.254/latest/meta-data/",
                "http://[::ffff:a9fe:a9fe]/latest/meta-data/",
                "http://[64:ff9b::a9fe:a9fe]/latest/meta-data/"
            })
    void a_redirect_there_is_refused(String location) {
        dns.zone("evil.test", "trap A 127.0.0.1\nwww A " + SITE);
        start("outrider.egress.allow=" + SITE);
        try (var evil = new RedirectingSite(SITE, location.formatted(port))) {
            assertThat(results("http", new Endpoint("http", "www.evil.test", evil.port())))
                    .filteredOn(result -> result.check().value().equals("http.https-redirect"))
                    .singleElement()
                    .satisfies(result -> assertThat(result.state()).isEqualTo(CheckState.ERROR))
                    .satisfies(result -> assertThat(result.why()).contains("refused by the egress guard"));
        }
        assertThat(traps.dialled()).isEmpty();
    }

    /// What Java reads as no host at all is not followed, and what a browser would make of it does not matter.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1.:%d/",
                "http://2130706433:%d/",
                "http://0x7f.1:%d/",
                "http://017700000001:%d/",
                "http://user@127.0.0.1:%d/",
                "gopher://127.0.0.1:%d/",
                "file:///etc/passwd"
            })
    void a_redirect_that_leads_nowhere_is_not_followed(String location) {
        dns.zone("evil.test", "www A " + SITE);
        start("outrider.egress.allow=127.0.0.0/8,::1");
        try (var evil = new RedirectingSite(SITE, location.formatted(port))) {
            assertThat(results("http", new Endpoint("http", "www.evil.test", evil.port())))
                    .filteredOn(result -> result.check().value().equals("http.https-redirect"))
                    .extracting(CheckResult::state)
                    .containsExactly(CheckState.ERROR);
            assertThat(evil.dialled()).isPositive();
        }
        assertThat(traps.dialled()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "outrider.insights.url=http://localhost:%d",
                "outrider.scheduler.url=http://127.0.0.1:%d",
                "spring.kafka.bootstrap-servers=127.0.0.1:%d",
                "server.port=%d",
                "management.server.port=%d",
                "outrider.egress.own=jdbc:postgresql://127.0.0.1:%d/outrider"
            })
    void our_own_services_are_refused_even_where_loopback_is_allowed(String setting) {
        dns.zone("evil.test", "www A 127.0.0.1\nsix AAAA ::1\nother A 127.0.0.9");
        start("outrider.egress.allow=127.0.0.0/8,::1", setting.formatted(port));

        for (var host : List.of("www.evil.test", "six.evil.test", "other.evil.test", "127.0.0.1", "[::1]", "0.0.0.0")) {
            assertRefused(host, port);
        }
    }

    @Test
    void a_redirect_to_our_own_service_is_refused_and_its_neighbour_is_not() {
        dns.zone("evil.test", "www A 127.0.0.1");
        start("outrider.egress.allow=127.0.0.0/8", "server.port=" + port);
        site.answer(Behaviour.redirect("http://www.evil.test:%d/admin/lanes".formatted(port)));

        assertThat(results("http", Endpoint.of(site.url("www.evil.test"))))
                .filteredOn(result -> result.check().value().equals("http.https-redirect"))
                .singleElement()
                .satisfies(result -> assertThat(result.state()).isEqualTo(CheckState.ERROR))
                .satisfies(result -> assertThat(result.why()).contains("where Outrider itself listens"));
        assertThat(site.requests()).hasSize(1);
        assertThat(traps.dialled()).isEmpty();
    }

    @Test
    void the_cluster_is_refused_even_where_it_is_allowed() {
        dns.zone("evil.test", "www A 127.0.0.1\napi A 127.0.0.3");
        start(
                "outrider.egress.allow=127.0.0.0/8",
                "outrider.egress.cluster=127.0.0.1/32",
                "KUBERNETES_SERVICE_HOST=127.0.0.3");

        assertRefused("www.evil.test", port);
        assertRefused("api.evil.test", port);
    }

    @Test
    void what_the_operator_denies_is_refused_even_where_it_is_allowed() {
        start("outrider.egress.allow=127.0.0.0/8", "outrider.egress.deny=127.0.0.1");

        assertRefused("127.0.0.1", port);
    }

    @Test
    void the_traps_note_whoever_comes() {
        dns.zone("evil.test", "www A 127.0.0.1\nsix AAAA ::1");
        start("outrider.egress.allow=127.0.0.0/8,::1");

        results("http", new Endpoint("http", "www.evil.test", port));
        results("tls", new Endpoint("https", "six.evil.test", port));

        assertThat(traps.dialled()).hasSizeGreaterThanOrEqualTo(2);
    }

    /// One answer is checked and dialled throughout a scan; the next one, to the next scan, leads to the trap.
    @Test
    void a_name_that_rebinds_gets_nobody_to_the_trap() {
        try (var rebinding = new RebindingDns(SITE, "127.0.0.1");
                var evil = new RedirectingSite(SITE, "/again")) {
            traps.add("127.0.0.1", evil.port());
            start("outrider.egress.allow=" + SITE, "outrider.dns.resolver=" + rebinding.address());
            var endpoint = new Endpoint("http", "www.evil.test", evil.port());

            results("http", endpoint);
            assertThat(evil.dialled()).isEqualTo(2);
            assertThat(rebinding.asked()).isEqualTo(1);

            assertThat(results("http", endpoint))
                    .filteredOn(result -> result.check().value().equals("http.https-redirect"))
                    .singleElement()
                    .satisfies(result -> assertThat(result.state()).isEqualTo(CheckState.ERROR))
                    .satisfies(result -> assertThat(result.why()).contains("refused by the egress guard: 127.0.0.1"));
        }
        assertThat(traps.dialled()).isEmpty();
    }

    private void assertRefused(String host, int port) {
        var seen = Stream.concat(
                        results("http", new Endpoint("http", host, port)).stream(),
                        results("tls", new Endpoint("https", host, port)).stream())
                .filter(result -> result.state() != CheckState.NOT_APPLICABLE)
                .toList();

        assertThat(seen).extracting(result -> result.check().value()).contains("http.https-redirect", "tls.reachable");
        assertThat(seen).allSatisfy(result -> {
            assertThat(result.state()).isEqualTo(CheckState.ERROR);
            assertThat(result.why()).contains("refused by the egress guard");
        });
        assertThat(traps.dialled()).isEmpty();
    }

    private List<CheckResult> results(String checker, Endpoint endpoint) {
        var id = new UUID(0, 1);
        var job = new ScanJob(id, 1, id, id, AssetKind.ZONE, "evil.test", List.of(endpoint), checker, Instant.EPOCH);
        return CheckRun.undisturbed(application.getBean(CheckRunner.class), job).results();
    }

    /// @param settings the later ones win
    private void start(String... settings) {
        TestPropertyValues.of(
                        "outrider.egress.connect-timeout=1s",
                        "outrider.egress.read-timeout=1s",
                        "outrider.egress.exchange-timeout=2s",
                        "outrider.dns.resolver=" + dns.address())
                .and(settings)
                .applyTo(application);
        application.register(WiredChecks.Wiring.class);
        application.refresh();
    }
}
