package outrider.checker.egress;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.mock.env.MockEnvironment;

/// The egress of tests: it asks a DNS server on loopback and may dial loopback, and nothing else reserved.
public final class Egress {

    private Egress() {}

    static EgressProperties properties() {
        return properties(List.of(), List.of());
    }

    static EgressProperties properties(List<IpRange> allow, List<IpRange> deny) {
        return properties(allow, deny, List.of(), List.of());
    }

    static EgressProperties properties(
            List<IpRange> allow, List<IpRange> deny, List<IpRange> cluster, List<String> own) {
        return new EgressProperties(
                allow,
                deny,
                cluster,
                own,
                null,
                null,
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3));
    }

    static EgressGuard guard(EgressProperties properties) {
        return new EgressGuard(properties, new OwnServices(properties, new MockEnvironment()));
    }

    public static Dns dns(String resolver) {
        return new Dns(new DnsProperties(resolver, Duration.ofMillis(500)));
    }

    public static Dnssec dnssec(String resolver) {
        return new Dnssec(dns(resolver), Clock.systemUTC());
    }

    /// @param allow ranges that may be dialled although they are reserved
    public static EgressGuard guard(String... allow) {
        return guard(properties(Stream.of(allow).map(IpRange::of).toList(), List.of()));
    }

    public static HttpFetcher fetcher(String resolver) {
        return new HttpFetcher(hosts(resolver), loopback());
    }

    /// One that may dial these ranges although they are reserved.
    static HttpFetcher fetcher(String resolver, String... allowed) {
        var properties = properties(Stream.of(allowed).map(IpRange::of).toList(), List.of());
        return new HttpFetcher(new Hosts(dns(resolver), guard(properties)), properties);
    }

    public static TlsClient tls(String resolver) {
        return new TlsClient(hosts(resolver), loopback());
    }

    static Hosts hosts(String resolver) {
        return new Hosts(dns(resolver), guard(loopback()));
    }

    private static EgressProperties loopback() {
        return properties(List.of(IpRange.of("127.0.0.0/8")), List.of());
    }
}
