package outrider.checker.egress;

import java.net.InetAddress;
import java.util.Arrays;

/// A block of addresses of one family, written in CIDR form: `10.0.0.0/8`, `2001:db8::/32`. An address alone is a block
/// of one.
public record IpRange(InetAddress base, int prefix) {

    public IpRange {
        if (prefix < 0 || prefix > base.getAddress().length * 8) {
            throw new IllegalArgumentException(
                    "the prefix length %d does not fit %s".formatted(prefix, base.getHostAddress()));
        }
        if (!Arrays.equals(masked(base.getAddress(), prefix), base.getAddress())) {
            throw new IllegalArgumentException(
                    "%s/%d has bits set beyond its prefix length".formatted(base.getHostAddress(), prefix));
        }
    }

    /// Reads the CIDR form; an [IllegalArgumentException] says what is wrong with anything else.
    public static IpRange of(String text) {
        var slash = text.indexOf('/');
        var base = Literals.address(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException(
                        "'%s' is no address range: write 10.0.0.0/8 or 2001:db8::/32".formatted(text)));
        try {
            return new IpRange(
                    base, slash < 0 ? base.getAddress().length * 8 : Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'%s' is no address range: a number follows the slash".formatted(text), e);
        }
    }

    /// Whether the address is of this family and in this block.
    public boolean contains(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == base.getAddress().length && Arrays.equals(masked(bytes, prefix), base.getAddress());
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + prefix;
    }

    private static byte[] masked(byte[] address, int prefix) {
        var masked = address.clone();
        for (var i = 0; i < masked.length; i++) {
            var bits = Math.clamp(prefix - i * 8L, 0, 8);
            masked[i] &= (byte) (0xFF << 8 - bits);
        }
        return masked;
    }
}
