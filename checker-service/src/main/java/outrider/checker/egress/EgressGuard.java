package outrider.checker.egress;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/// Decides which addresses may be dialled.
///
/// Names and redirects come from strangers, so an address is judged by itself: the metadata services of clouds are
/// always refused, then the operator's `deny` and `allow` decide, then the special-purpose registries of IANA. An
/// IPv6 address that carries an IPv4 address is refused when either is.
@Component
@EnableConfigurationProperties(EgressProperties.class)
public final class EgressGuard {

    private static final byte[] NAT64 = {0, 0x64, (byte) 0xFF, (byte) 0x9B, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] SIX_TO_FOUR = {0x20, 0x02};
    private static final byte[] ISATAP = {0x5E, (byte) 0xFE};

    private final RangeTable metadata = RangeTable.load("metadata.txt");
    private final RangeTable ipv4 = RangeTable.load("special-purpose-ipv4.txt");
    private final RangeTable ipv6 = RangeTable.load("special-purpose-ipv6.txt");
    private final List<IpRange> allow;
    private final List<IpRange> deny;

    EgressGuard(EgressProperties properties) {
        this.allow = properties.allow();
        this.deny = properties.deny();
    }

    /// Why the address must not be dialled, as a name to put after "is"; empty if it may.
    public Optional<String> refusal(InetAddress address) {
        if (address instanceof Inet6Address v6 && v6.getScopeId() != 0) {
            return Optional.of("scoped to one network interface");
        }
        return metadata.refusing(address)
                .or(() -> carried(address).flatMap(inner -> refusal(inner).map(name -> "a carrier of " + name)))
                .or(() -> first(deny, address).map(range -> "in %s, denied by the operator".formatted(range)))
                .or(() -> first(allow, address).isPresent()
                        ? Optional.empty()
                        : registry(address).refusing(address));
    }

    /// The special-purpose block that the address is in, by its name in the registries of IANA; empty where the
    /// internet
    /// leads to the address, and where the operator allows it: then it is known and meant to be there.
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

    /// The IPv4 address to which a translator or tunnel would send on what this address gets (RFC 6052, 3056, 5214).
    /// The mapped form needs nothing here: Java makes it an IPv4 address when it is read.
    private static Optional<InetAddress> carried(InetAddress address) {
        var bytes = address.getAddress();
        if (bytes.length == 4) {
            return Optional.empty();
        }
        if (startsAt(bytes, 0, NAT64) || startsAt(bytes, 10, ISATAP) && (bytes[8] & 0xFD) == 0 && bytes[9] == 0) {
            return Optional.of(ipv4(bytes, 12));
        }
        return startsAt(bytes, 0, SIX_TO_FOUR) ? Optional.of(ipv4(bytes, 2)) : Optional.empty();
    }

    private static boolean startsAt(byte[] bytes, int offset, byte[] part) {
        return Arrays.equals(bytes, offset, offset + part.length, part, 0, part.length);
    }

    private static InetAddress ipv4(byte[] bytes, int offset) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are an IPv4 address", e);
        }
    }
}
