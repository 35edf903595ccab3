package outrider.checker.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackDns.Failure;
import outrider.embedded.site.LoopbackSite;
import outrider.embedded.site.ZoneKey;
import outrider.scan.Endpoint;
import outrider.scan.ScanJob;

/// All of the world that the checks can see of one host: its zones, its servers, and an authority that they trust.
///
/// `edge` and `edge6` in the zones are the addresses of the host's servers. They are loopback, which this scanner's
/// operator has allowed, and so no internal addresses to be found.
final class HostWorld implements AutoCloseable {

    private static final Map<String, String> ADDRESSES = Map.of("edge", "127.0.0.1", "edge6", "::1");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(https?(?:\\.port)?|(?:in|ago) \\d+d)}");

    private final HostProfile profile;
    private final CertificateAuthority trusted = CertificateAuthority.root("Root", KeyKind.EC_P256);
    private final LoopbackSite authority = LoopbackSite.http(0);
    private final LoopbackDns dns = LoopbackDns.start(0);
    private final ZoneKey key = ZoneKey.ecdsa();
    private final HostSite https;
    private final HostSite http;
    private final AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();

    HostWorld(HostProfile profile, Path folder) throws IOException {
        this.profile = profile;
        https = HostSite.https(profile.servers().get("https"), trusted, authority);
        http = HostSite.http(profile.servers().get("http"));
        publish();
        https.open(this::filled);
        http.open(this::filled);
        TestPropertyValues.of(
                        "outrider.egress.allow=127.0.0.0/8,::1/128",
                        "outrider.egress.connect-timeout=1s",
                        "outrider.egress.read-timeout=2s",
                        "outrider.egress.exchange-timeout=3s",
                        "outrider.dns.timeout=500ms",
                        "outrider.dns.resolver=" + dns.address(),
                        "outrider.trust=" + Files.writeString(folder.resolve("ca.pem"), trusted.pem()))
                .applyTo(application);
        application.register(WiredChecks.Wiring.class);
        application.refresh();
    }

    /// What all its checks say.
    List<CheckRun> scan() throws InterruptedException {
        return List.of(run("dns"), run("tls"), run("http"));
    }

    /// The subject that a cell of the matrix calls so.
    String subject(String alias) {
        return switch (alias) {
            case "domain" -> profile.asset();
            case "https" -> https.url(profile.host());
            case "http" -> http.url(profile.host());
            default -> alias;
        };
    }

    @Override
    public void close() {
        application.close();
        https.close();
        http.close();
        authority.close();
        dns.close();
    }

    private CheckRun run(String checker) throws InterruptedException {
        var id = new UUID(0, 1);
        var endpoints = profile.endpoints().stream()
                .map(this::subject)
                .map(Endpoint::of)
                .toList();
        var job = new ScanJob(id, 1, id, id, profile.kind(), profile.asset(), endpoints, checker, Instant.EPOCH);
        return CheckRun.of(application.getBean(CheckRunner.class), job);
    }

    /// The root is signed, and so is what the profile says; a resolver that validates vouches for no more than that.
    private void publish() {
        var delegations = new StringJoiner("\n");
        var others = new ArrayList<String>();
        profile.dns().forEach((zone, records) -> {
            var origin = zone.equals("asset") ? profile.asset() : zone;
            var lines = lines(origin, records);
            switch (profile.signed().get(zone)) {
                case null -> {
                    dns.zone(origin, lines);
                    others.add(origin);
                }
                case WELL -> {
                    dns.zone(origin, lines, key);
                    delegations.add(key.delegation(origin + "."));
                }
                case WITHOUT_DS -> {
                    dns.zone(origin, lines, key);
                    others.add(origin);
                }
                case EXPIRED -> {
                    var now = Instant.now();
                    dns.zone(origin, lines, key.valid(now.minus(Duration.ofDays(40)), now.minus(Duration.ofDays(10))));
                    delegations.add(key.delegation(origin + "."));
                    dns.fail(origin, Failure.BOGUS).fail("*." + origin, Failure.BOGUS);
                }
            }
        });
        dns.zone(".", delegations.toString(), key).zone("ca.test", "@ A 127.0.0.1");
        dns.vouchExcept(others.toArray(String[]::new));
    }

    private String lines(String origin, Map<String, List<String>> records) {
        var lines = new StringJoiner("\n");
        records.forEach((key, values) -> values.forEach(value -> {
            switch (value) {
                case "SERVFAIL", "REFUSED", "TIMEOUT", "TRUNCATE" -> fail(origin, key, Failure.valueOf(value));
                default ->
                    lines.add(
                            key + " " + (key.endsWith(" TXT") ? quoted(value) : ADDRESSES.getOrDefault(value, value)));
            }
        }));
        return lines.toString();
    }

    private static String absolute(String name, String origin) {
        return name.equals("@") ? origin : name + "." + origin;
    }

    private void fail(String origin, String key, Failure failure) {
        var words = key.split(" ");
        var name = absolute(words[0], origin);
        if (words[1].equals("*")) {
            dns.fail(name, failure);
        } else {
            dns.fail(name, words[1], failure);
        }
    }

    /// As the strings of at most 255 characters that a TXT record is made of.
    private static String quoted(String text) {
        var strings = new StringJoiner(" ");
        for (var at = 0; at < text.length(); at += 255) {
            strings.add("\"" + text.substring(at, Math.min(text.length(), at + 255)) + "\"");
        }
        return strings.toString();
    }

    /// `{https}` and `{http}` are the host's addresses, `{https.port}` and `{http.port}` its ports, `{in 9d}` and
    /// `{ago 9d}` times.
    private String filled(String text) {
        var matcher = PLACEHOLDER.matcher(text);
        var filled = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(
                    filled,
                    switch (matcher.group(1)) {
                        case "https.port" -> String.valueOf(https.port());
                        case "http.port" -> String.valueOf(http.port());
                        case "https", "http" -> subject(matcher.group(1));
                        default -> time(matcher.group(1)).toString();
                    });
        }
        return matcher.appendTail(filled).toString();
    }

    private static Instant time(String text) {
        var days = Duration.ofDays(Long.parseLong(text.substring(text.indexOf(' ') + 1, text.length() - 1)));
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return text.startsWith("in ") ? now.plus(days) : now.minus(days);
    }
}
