package outrider.checker.egress;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Whom we ask, and how long we wait.
///
/// @param resolver a recursive resolver, `127.0.0.1:5353` or `[::1]:53`; the machine's own if not given or empty
/// @param timeout how long one try may take; there are two
@ConfigurationProperties("outrider.dns")
public record DnsProperties(
        @Nullable String resolver, @DefaultValue("3s") Duration timeout) {

    public DnsProperties {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("outrider.dns.timeout must be more than zero");
        }
        if (resolver != null) {
            resolver = resolver.isBlank() ? null : resolver.strip();
        }
        if (resolver != null) {
            address(resolver);
        }
    }

    static InetSocketAddress address(String resolver) {
        var colon = resolver.lastIndexOf(':');
        var host = colon < 0 ? resolver : resolver.substring(0, colon);
        try {
            var port = colon < 0 ? 53 : Integer.parseInt(resolver.substring(colon + 1));
            var address = new InetSocketAddress(host, port);
            if (!host.isEmpty() && !address.isUnresolved()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(problem(resolver), e);
        }
        throw new IllegalArgumentException(problem(resolver));
    }

    private static String problem(String resolver) {
        return "outrider.dns.resolver is '%s' and must be host:port, such as 127.0.0.1:53, of a host that resolves"
                .formatted(resolver);
    }
}
