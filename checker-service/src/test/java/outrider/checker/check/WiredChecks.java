package outrider.checker.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;
import outrider.embedded.site.ZoneKey;
import outrider.insight.CheckCatalog;
import outrider.scan.AssetKind;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.Endpoint;
import outrider.scan.FoundInsight;
import outrider.scan.ScanJob;

/// The checks as they are wired in the service, before a healthy zone and site on loopback.
abstract class WiredChecks {

    static final String HSTS = "Strict-Transport-Security";
    static final String HOST = "www.shop.test";
    static final Behaviour.Answer GOOD_PAGE = Behaviour.page("hello")
            .with(HSTS, "max-age=31536000")
            .with("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'")
            .with("X-Content-Type-Options", "nosniff")
            .with("Referrer-Policy", "no-referrer")
            .with("Cross-Origin-Opener-Policy", "same-origin");

    final CertificateAuthority authority = CertificateAuthority.root("Root", KeyKind.EC_P256);
    final ZoneKey key = ZoneKey.ecdsa();
    final LoopbackDns dns = LoopbackDns.start(0)
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
    final LoopbackSite https =
            LoopbackSite.https(0, authority.intermediate("Below").issue(Leaf.named(HOST)));
    final LoopbackSite http = LoopbackSite.http(0);

    @TempDir
    private Path folder;

    private final AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();

    @TestConfiguration(proxyBeanMethods = false) // which the service itself does not pick up
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

    Map<String, CheckState> states(String checker) {
        return run(checker).results().stream()
                .collect(Collectors.toMap(result -> result.check() + " " + result.subject(), CheckResult::state));
    }

    String why(String checker, String check, String subject) {
        return run(checker).results().stream()
                .filter(result ->
                        result.check().value().equals(check) && result.subject().equals(subject))
                .filter(result -> result.state() == CheckState.ERROR)
                .map(CheckResult::why)
                .collect(Collectors.joining());
    }

    List<FoundInsight> insights() {
        return Stream.of("dns", "tls", "http")
                .flatMap(checker -> run(checker).insights().stream())
                .toList();
    }

    CheckRun run(String checker) {
        return run(job(checker, endpoints()));
    }

    CheckRun run(ScanJob job) {
        return CheckRun.undisturbed(runner(), job);
    }

    CheckRunner runner() {
        return application.getBean(CheckRunner.class);
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.of(https.url(HOST)), Endpoint.of(http.url(HOST)));
    }

    static ScanJob job(String checker, List<Endpoint> endpoints) {
        var id = new UUID(0, 1);
        return new ScanJob(id, 1, id, id, AssetKind.ZONE, "shop.test", endpoints, checker, Instant.EPOCH);
    }
}
