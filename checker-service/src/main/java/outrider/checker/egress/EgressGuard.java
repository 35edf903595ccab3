package outrider.checker.egress;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/// Decides what may be dialled.
///
/// Names and redirects come from strangers, so an address is judged by itself. The metadata services of clouds, our
/// own services and the cluster are always refused; then the operator's `deny` and `allow` decide, then the
/// special-purpose registries of IANA. An IPv6 address that carries an IPv4 address is refused when either is.
@Component
@EnableConfigurationProperties(EgressProperties.class)
public final class EgressGuard {

    private final RangeTable metadata = RangeTable.load("metadata.txt");
    private final RangeTable ipv4 = RangeTable.load("special-purpose-ipv4.txt");
    private final RangeTable ipv6 = RangeTable.load("special-purpose-ipv6.txt");
    private final OwnServices own;
    private final List<IpRange> allow;
    private final List<IpRange> deny;

    EgressGuard(EgressProperties properties, OwnServices own) {
        this.own = own;
        this.allow = properties.allow();
        this.deny = properties.deny();
    }

    /// Why that port of the address must not be dialled, as a name to put after "is"; empty if it may.
    public Optional<String> refusal(InetAddress address, int port) {
        if (address instanceof Inet6Address v6 && v6.getScopeId() != 0) {
            return Optional.of("scoped to one network interface");
        }
        return always(address, port)
                .or(() -> Carriers.possible(address)
                        .flatMap(inner -> always(inner, port).stream())
                        .map(EgressGuard::carrier)
                        .findFirst())
                .or(() -> Carriers.certain(address)
                        .flatMap(inner -> ordinary(inner).stream())
                        .map(EgressGuard::carrier)
                        .findFirst())
                .or(() -> ordinary(address));
    }

    /// What no list of the operator's can allow.
    private Optional<String> always(InetAddress address, int port) {
        return metadata.refusing(address).or(() -> own.refusal(address, port));
    }

    private Optional<String> ordinary(InetAddress address) {
        return first(deny, address)
                .map(range -> "in %s, denied by the operator".formatted(range))
                .or(() -> first(allow, address).isPresent()
                        ? Optional.empty()
                        : registry(address).refusing(address));
    }

    /// The special-purpose block that the address is in, by its name in the registries of IANA; empty where the
    /// internet leads to the address, and where the operator allows it: then it is known and meant to be there.
    public Optional<String> special(InetAddress address) {
        return first(allow, address).isPresent()
                ? Optional.empty()
                : registry(address).refusing(address);
    }

    private RangeTable registry(InetAddress address) {
        return address instanceof Inet4Address ? ipv4 : ipv6;
    }

    private static Optional<IpRange> first(List<IpRange> ranges, InetAddress address) {
        return ranges.stream().filter(range -> range.contains(address)).findFirst();
    }

    private static String carrier(String inner) {
        return "a carrier of " + inner;
    }
}
