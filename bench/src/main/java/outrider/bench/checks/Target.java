package outrider.bench.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import outrider.bench.ChildJvm;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;
import outrider.embedded.site.LoopbackSite.Connect;
import outrider.embedded.site.ZoneKey;
import outrider.scan.Endpoint;

/// The servers that are scanned: those of a host without fault, and of two that hang, one before anything is said
/// and one once it has been asked for a page.
final class Target implements AutoCloseable {
    static final String DOMAIN = "shop.test";
    /// The file that names whom the scanner has to trust.
    static final String TRUST = "ca.pem";

    /// Servers keep connections for so many requests, as most do.
    private static final int KEPT = 100;

    private static final String HOST = "www.shop.test";
    private static final String ZONE = """
            @       A     127.0.0.1
            @       MX    10 mail
            @       TXT   "v=spf1 mx -all"
            @       CAA   0 issue "ca.example"
            _dmarc  TXT   "v=DMARC1; p=reject"
            mail    A     127.0.0.1
            www     A     127.0.0.1
            """;

    private final CertificateAuthority authority = CertificateAuthority.root("Root", KeyKind.EC_P256);
    private final ZoneKey key = ZoneKey.ecdsa();
    /// A resolver that validates, and zones that are signed.
    private final LoopbackDns dns = LoopbackDns.start(0)
            .zone(".", key.delegation(DOMAIN + "."), key)
            .zone(DOMAIN, ZONE, key)
            .vouchExcept();
    private final LoopbackSite https = secure();
    private final LoopbackSite http = LoopbackSite.http(0).keeps(KEPT);
    private final LoopbackSite silentHttps = secure().connect(Connect.HANG);
    private final LoopbackSite silentHttp = LoopbackSite.http(0).connect(Connect.HANG);
    private final LoopbackSite holdingHttps = secure().answer(new Behaviour.Hang());
    private final LoopbackSite holdingHttp = LoopbackSite.http(0).answer(new Behaviour.Hang());

    Target() {
        https.answer(new Behaviour.Answer(404, Map.of("Content-Type", "text/html"), "<title>Not here</title>"))
                .answer("/", page())
                .answer("/.well-known/security.txt", securityTxt());
        http.answer(Behaviour.redirect(https.url(HOST) + "/"));
    }

    LoopbackDns dns() {
        return dns;
    }

    LoopbackSite https() {
        return https;
    }

    LoopbackSite http() {
        return http;
    }

    Addresses addresses() {
        return new Addresses(
                dns.address(),
                endpoints(https, http),
                endpoints(silentHttps, silentHttp),
                endpoints(holdingHttps, holdingHttp));
    }

    /// Writes down whom the scanner has to trust.
    Path writeTrust(Path folder) throws IOException {
        return Files.writeString(folder.resolve(TRUST), authority.pem());
    }

    @Override
    public void close() {
        List.of(https, http, silentHttps, silentHttp, holdingHttps, holdingHttp).forEach(LoopbackSite::close);
        dns.close();
    }

    /// The same servers in a JVM of their own, whose heap and collector are not the scanner's.
    static ChildJvm start(Path folder) {
        return ChildJvm.start(Target.class, "512m", folder.toString());
    }

    static void main(String[] arguments) throws IOException {
        try (var target = new Target()) {
            target.writeTrust(Path.of(arguments[0]));
            ChildJvm.answer(target.addresses().line());
            ChildJvm.awaitEnd();
        }
    }

    private LoopbackSite secure() {
        return LoopbackSite.https(0, authority.intermediate("Below").issue(Leaf.named(HOST)))
                .keeps(KEPT);
    }

    private static List<Endpoint> endpoints(LoopbackSite https, LoopbackSite http) {
        return List.of(Endpoint.of(https.url(HOST)), Endpoint.of(http.url(HOST)));
    }

    private static Behaviour page() {
        return Behaviour.page("""
                        <!doctype html><html lang="en"><head><title>Shop</title><link rel="stylesheet" href="/style.css"></head>
                        <body><h1>Shop</h1>%s<script src="/shop.js"></script></body></html>
                        """.formatted("<p>Everything for the garden, delivered in two days.</p>\n".repeat(200)))
                .with("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
                .with(
                        "Content-Security-Policy",
                        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "strict-origin-when-cross-origin")
                .with("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
                .with("Cross-Origin-Opener-Policy", "same-origin")
                .with("Set-Cookie", "__Host-session=0123456789abcdef; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    private static Behaviour securityTxt() {
        var expires = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(200));
        return new Behaviour.Answer(
                200,
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                "Contact: mailto:security@shop.test\nExpires: %s\n".formatted(expires));
    }
}
