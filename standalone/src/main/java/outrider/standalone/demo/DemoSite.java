package outrider.standalone.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;

/// The site itself: `weak.example` with its hosts, as weak as told, and `good.example` for contrast.
final class DemoSite implements AutoCloseable {
    /// Has a good certificate and nothing else.
    static final String BARE_HOST = "weak.example";

    static final String EXPIRED_HOST = "old.weak.example";
    static final String WRONG_NAME_HOST = "www.weak.example";
    static final String UNTRUSTED_HOST = "api.weak.example";
    static final String GOOD_HOST = "good.example";
    static final List<String> HOSTS = List.of(BARE_HOST, EXPIRED_HOST, WRONG_NAME_HOST, UNTRUSTED_HOST, GOOD_HOST);

    /// Where the site tells which weaknesses it has.
    static final String STATE_PATH = "/.demo";

    private static final Behaviour.Answer PAGE = Behaviour.page("<!doctype html><title>Demo</title>")
            .with("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'")
            .with("X-Content-Type-Options", "nosniff")
            .with("Referrer-Policy", "no-referrer")
            .with("Cross-Origin-Opener-Policy", "same-origin");
    private static final Behaviour.Answer SAFE_PAGE =
            PAGE.with("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    private static final String ADDRESSES = """
            @    A  127.0.0.1
            old  A  127.0.0.1
            www  A  127.0.0.1
            api  A  127.0.0.1
            mail A  127.0.0.1
            @    MX 10 mail
            """;
    private static final String SPF = "@ TXT \"v=spf1 mx -all\"\n";
    private static final String DMARC = "_dmarc TXT \"v=DMARC1; p=reject\"\n";
    private static final String CAA = "@ CAA 0 issue \"ca.example\"\n";

    private final DemoIdentities identities;
    private final LoopbackDns dns;
    private final LoopbackSite http;
    private final LoopbackSite https;

    DemoSite(DemoIdentities identities, LoopbackDns dns, int httpPort, int httpsPort) {
        this.identities = identities;
        this.dns = dns;
        http = LoopbackSite.http(httpPort);
        https = LoopbackSite.https(httpsPort, identities.of(GOOD_HOST));
        for (var host : HOSTS) {
            https.identity(host, identities.of(host));
            https.answerHost(host, SAFE_PAGE);
            http.answerHost(host, toHttps(host));
        }
        https.answer("/.well-known/security.txt", securityTxt());
        dns.zone("good.example", ADDRESSES + SPF + DMARC + CAA);
        show(Weakness.all());
    }

    /// Has exactly these weaknesses from now on.
    void show(Set<Weakness> weaknesses) {
        dns.zone(
                "weak.example",
                ADDRESSES
                        + (weaknesses.contains(Weakness.SPF) ? "" : SPF)
                        + (weaknesses.contains(Weakness.DMARC) ? "" : DMARC)
                        + (weaknesses.contains(Weakness.CAA) ? "" : CAA));
        https.identity(
                EXPIRED_HOST,
                identities.of(weaknesses.contains(Weakness.CERT_EXPIRY) ? DemoIdentities.EXPIRED : EXPIRED_HOST));
        https.identity(
                WRONG_NAME_HOST,
                identities.of(weaknesses.contains(Weakness.HOSTNAME) ? DemoIdentities.WRONG_NAME : WRONG_NAME_HOST));
        var trusted = identities.of(UNTRUSTED_HOST);
        https.identity(UNTRUSTED_HOST, weaknesses.contains(Weakness.CHAIN) ? trusted.withoutIntermediates() : trusted);
        https.answerHost(BARE_HOST, weaknesses.contains(Weakness.HSTS) ? PAGE : SAFE_PAGE);
        http.answerHost(BARE_HOST, weaknesses.contains(Weakness.HTTPS_REDIRECT) ? PAGE : toHttps(BARE_HOST));
        http.answer(STATE_PATH, Behaviour.page(state(weaknesses)));
    }

    /// The endpoints of the weak zone.
    List<String> weakEndpoints() {
        return List.of(
                https.url(BARE_HOST),
                http.url(BARE_HOST),
                https.url(EXPIRED_HOST),
                https.url(WRONG_NAME_HOST),
                https.url(UNTRUSTED_HOST));
    }

    /// The endpoints of the good zone.
    List<String> goodEndpoints() {
        return List.of(https.url(GOOD_HOST), http.url(GOOD_HOST));
    }

    /// What the site says about itself when it has those weaknesses.
    static String state(Set<Weakness> weaknesses) {
        return weaknesses.stream().sorted().map(Weakness::check).toList().toString();
    }

    @Override
    public void close() {
        http.close();
        https.close();
        dns.close();
    }

    private static Behaviour securityTxt() {
        var expires = Instant.now().plus(Duration.ofDays(180)).truncatedTo(ChronoUnit.SECONDS);
        return Behaviour.page("Contact: mailto:security@good.example\nExpires: %s\n".formatted(expires))
                .with("Content-Type", "text/plain");
    }

    private Behaviour toHttps(String host) {
        return Behaviour.redirect(https.url(host) + "/");
    }
}
