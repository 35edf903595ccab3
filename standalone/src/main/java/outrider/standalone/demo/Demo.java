package outrider.standalone.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.ResolverConfig;
import outrider.embedded.site.LoopbackDns;
import outrider.standalone.Home;
import outrider.standalone.KeptPorts;
import outrider.standalone.Progress;
import outrider.standalone.Settings;

/// The demo of a running Outrider: a deliberately weak site on loopback, registered and scanned as any other.
public final class Demo implements AutoCloseable {
    static final String HTTP_PORT = "demo.http";

    private static final Logger log = LoggerFactory.getLogger(Demo.class);
    private static final int REREAD_MILLIS = 200;

    private final DemoSite site;
    private final WeaknessFile file;
    private final Map<String, String> properties;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Demo(DemoSite site, WeaknessFile file, Map<String, String> properties) {
        this.site = site;
        this.file = file;
        this.properties = Map.copyOf(properties);
    }

    /// Brings the site up, with the weaknesses it had last time.
    ///
    /// @param environment where `OUTRIDER_EGRESS_ALLOW`, `OUTRIDER_DNS_RESOLVER` and `OUTRIDER_TRUST` may be set
    public static Demo start(Home home, Map<String, String> environment) {
        try {
            Files.createDirectories(home.demo());
            var identities = DemoIdentities.in(home.demo());
            var ports = new KeptPorts(home.ports());
            var dns = LoopbackDns.start(0);
            forward(dns, environment);
            var site = new DemoSite(identities, dns, ports.of(HTTP_PORT, 18_080), ports.of("demo.https", 18_443));
            var properties = Map.of(
                    "outrider.egress.allow",
                    "127.0.0.0/8" + prefixed(",", environment.get("OUTRIDER_EGRESS_ALLOW")),
                    "outrider.dns.resolver",
                    dns.address(),
                    "outrider.trust",
                    trust(home, environment).toString());
            var demo = new Demo(site, WeaknessFile.in(home), properties);
            Thread.ofVirtual().name("demo").start(demo::follow);
            return demo;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the services must be told to reach the site: addresses, resolver, certificate authority.
    public Map<String, String> properties() {
        return properties;
    }

    /// Registers the site, scans it and prints the insights found.
    public void present(Settings settings, Progress progress) {
        try (var api = new Api(settings)) {
            var account = DemoAccount.open(api);
            account.own("weak.example", site.weakEndpoints());
            account.own("good.example", site.goodEndpoints());
            progress.say("Scanning the demo's weak site (weak.example) and its good one (good.example)…\n");
            account.scan();
            progress.say(InsightTable.of(account.insights("open")));
            account.untold().forEach(untold -> progress.say("  Could not tell " + untold));
            progress.say("Mend the site from another terminal with: make demo-fix");
        } catch (DemoException e) {
            progress.say("The demo could not be shown: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        closed.countDown();
        site.close();
    }

    private void follow() {
        var shown = Weakness.all();
        try {
            do {
                try {
                    var wanted = file.read();
                    if (!wanted.equals(shown)) {
                        site.show(wanted);
                        shown = wanted;
                    }
                } catch (UncheckedIOException | IllegalArgumentException e) {
                    log.warn("{} cannot be read", file.file(), e);
                }
            } while (!closed.await(REREAD_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Other domains are to be found as without the demo.
    private static void forward(LoopbackDns dns, Map<String, String> environment) {
        var resolver = environment.get("OUTRIDER_DNS_RESOLVER");
        if (resolver != null && !resolver.isBlank()) {
            dns.forward(resolver);
            return;
        }
        ResolverConfig.getCurrentConfig().servers().stream()
                .findFirst()
                .ifPresent(server -> dns.forward(server.getHostString() + ":" + server.getPort()));
    }

    private static Path trust(Home home, Map<String, String> environment) throws IOException {
        var file = home.demo().resolve("trust.pem");
        var more = environment.getOrDefault("OUTRIDER_TRUST", "");
        var pem = Files.readString(DemoIdentities.authority(home.demo()));
        Files.writeString(file, more.isBlank() ? pem : pem + Files.readString(Path.of(more)));
        return file;
    }

    private static String prefixed(String prefix, @Nullable String text) {
        return text == null || text.isBlank() ? "" : prefix + text;
    }
}
