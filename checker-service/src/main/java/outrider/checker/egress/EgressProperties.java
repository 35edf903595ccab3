package outrider.checker.egress;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What may be dialled, how we introduce ourselves, and how long we wait.
///
/// @param allow ranges that may be dialled although they are reserved, `127.0.0.0/8`
/// @param deny ranges that must not be dialled although they are public; wins over `allow`
/// @param cluster the ranges of pods, services and nodes where this runs in a cluster; never dialled, `allow` or
/// not
/// @param own further services of this installation, `host:port` or a URL, that are never dialled
/// @param contact a page that tells whoever sees our requests who we are and how to opt out
/// @param userAgent the whole `User-Agent`; made of name, version and contact if not given
/// @param connectTimeout how long connecting to one address may take
/// @param readTimeout the longest silence in a conversation
/// @param exchangeTimeout how long may be taken for a whole handshake or a whole request with its answer, name
/// resolution included
@ConfigurationProperties("outrider.egress")
public record EgressProperties(
        @DefaultValue List<IpRange> allow,
        @DefaultValue List<IpRange> deny,
        @DefaultValue List<IpRange> cluster,
        @DefaultValue List<String> own,
        @Nullable URI contact,
        @Nullable String userAgent,
        @DefaultValue("4s") Duration connectTimeout,
        @DefaultValue("5s") Duration readTimeout,
        @DefaultValue("10s") Duration exchangeTimeout) {

    public EgressProperties {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        cluster = List.copyOf(cluster);
        own = own.stream().filter(service -> !service.isBlank()).toList();
        own.forEach(ServiceAddress::of);
        contact = contact == null || contact.toString().isBlank() ? null : contact;
        userAgent = userAgent == null || userAgent.isBlank() ? null : userAgent;
        if (!connectTimeout.isPositive() || !readTimeout.isPositive()) {
            throw new IllegalArgumentException("outrider.egress: timeouts must be more than zero");
        }
        if (exchangeTimeout.compareTo(connectTimeout) < 0 || exchangeTimeout.compareTo(readTimeout) < 0) {
            throw new IllegalArgumentException(
                    "outrider.egress.exchange-timeout must not be less than connect-timeout or read-timeout");
        }
        if (contact != null && !("https".equals(contact.getScheme()) || "http".equals(contact.getScheme()))) {
            throw new IllegalArgumentException("outrider.egress.contact must be a http or https address");
        }
        if (userAgent != null && !userAgent.matches("[\\x20-\\x7E]{1,256}")) {
            throw new IllegalArgumentException(
                    "outrider.egress.user-agent must be 1 to 256 printable ASCII characters");
        }
    }

    /// Whether whoever sees our requests could not tell whom to ask about them.
    boolean isAnonymous() {
        return contact == null && userAgent == null;
    }

    /// What every request says it comes from.
    String effectiveUserAgent() {
        if (userAgent != null) {
            return userAgent;
        }
        var version = EgressProperties.class.getPackage().getImplementationVersion();
        var product = "Outrider/" + (version == null ? "dev" : version);
        return contact == null ? product : "%s (+%s)".formatted(product, contact);
    }
}
