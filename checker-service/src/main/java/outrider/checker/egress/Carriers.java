package outrider.checker.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.stream.Stream;

/// The IPv4 addresses to which a stack, a translator or a tunnel may send on what an IPv6 address gets.
///
/// What a network translates by a prefix of its own choice, or by 6rd, nobody can see; `deny` is for that.
final class Carriers {

    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF};
    private static final byte[] TRANSLATED = {0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF, 0, 0};
    private static final byte[] COMPATIBLE = new byte[12];
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xFF, (byte) 0x9B, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final byte[] LOCAL_NAT64 = {0, 0x64, (byte) 0xFF, (byte) 0x9B, 0, 1};
    private static final byte[] SIX_TO_FOUR = {0x20, 0x02};
    private static final byte[] TEREDO = {0x20, 0x01, 0, 0};
    private static final byte[] ISATAP = {0x5E, (byte) 0xFE};

    private Carriers() {}

    /// Those that the address carries by its very form: mapped and compatible (RFC 4291, section 2.5.5), translated
    /// (RFC 2765), NAT64 (RFC 6052; RFC 8215 in its usual length of 96 bits), 6to4 (RFC 3056), ISATAP (RFC 5214),
    /// and both server and client of Teredo (RFC 4380).
    static Stream<InetAddress> certain(InetAddress address) {
        var bytes = address.getAddress();
        if (bytes.length == 4) {
            return Stream.empty();
        }
        if (startsAt(bytes, 0, SIX_TO_FOUR)) {
            return Stream.of(ipv4(bytes, 2, 3, 4, 5));
        }
        if (startsAt(bytes, 0, TEREDO)) {
            return Stream.of(ipv4(bytes, 4, 5, 6, 7), ipv4(inverted(bytes), 12, 13, 14, 15));
        }
        var last = startsAt(bytes, 0, MAPPED)
                || startsAt(bytes, 0, TRANSLATED)
                || startsAt(bytes, 0, NAT64)
                || startsAt(bytes, 0, LOCAL_NAT64)
                // ::, ::1 and their like are no IPv4 addresses.
                || startsAt(bytes, 0, COMPATIBLE) && bytes[12] != 0
                || startsAt(bytes, 10, ISATAP) && (bytes[8] & 0xFD) == 0 && bytes[9] == 0;
        return last ? Stream.of(ipv4(bytes, 12, 13, 14, 15)) : Stream.empty();
    }

    /// Those, and the ones that it would carry if its network had chosen another length of the local-use prefix of
    /// NAT64 (RFC 8215; where they sit: RFC 6052, section 2.2).
    static Stream<InetAddress> possible(InetAddress address) {
        var bytes = address.getAddress();
        var others = bytes.length == 16 && startsAt(bytes, 0, LOCAL_NAT64)
                ? Stream.of(ipv4(bytes, 6, 7, 9, 10), ipv4(bytes, 7, 9, 10, 11), ipv4(bytes, 9, 10, 11, 12))
                : Stream.<InetAddress>empty();
        return Stream.concat(certain(address), others);
    }

    private static boolean startsAt(byte[] bytes, int offset, byte[] part) {
        return Arrays.equals(bytes, offset, offset + part.length, part, 0, part.length);
    }

    private static byte[] inverted(byte[] bytes) {
        var inverted = bytes.clone();
        for (var i = 0; i < inverted.length; i++) {
            inverted[i] = (byte) ~inverted[i];
        }
        return inverted;
    }

    private static InetAddress ipv4(byte[] bytes, int first, int second, int third, int fourth) {
        try {
            return InetAddress.getByAddress(new byte[] {bytes[first], bytes[second], bytes[third], bytes[fourth]});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are an IPv4 address", e);
        }
    }
}
