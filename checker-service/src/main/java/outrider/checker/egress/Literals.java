package outrider.checker.egress;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// Addresses written as text, in their one plain spelling.
///
/// Forms that some software reads as an address and other software as a name (`127.1`, `2130706433`, `0x7f.0.0.1`,
/// `0177.0.0.1`, a scope after `%`) are none here: they would let a checked address differ from the one dialled.
public final class Literals {

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9A-Fa-f]*)\\.?");

    private static final Pattern NAME = Pattern.compile("[\\x21-\\x7E&&[^%:\\[\\]/\\\\@]]*");

    private Literals() {}

    /// The address that is written there, with or without the brackets a URL puts around IPv6; empty for anything
    /// else.
    public static Optional<InetAddress> address(String text) {
        var bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (IPV4.matcher(bare).matches()
                || bare.contains(":") && IPV6.matcher(bare).matches()) {
            try {
                return Optional.of(InetAddress.ofLiteral(bare));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /// Whether a host is no address and yet one that some software would take for one: it ends in a number, which no
    /// name does (WHATWG URL, "ends in a number"), has a scope, or is written in characters that may fold into
    /// digits and dots.
    static boolean isDisguised(String host) {
        return address(host).isEmpty()
                && (ENDS_IN_NUMBER.matcher(host).matches()
                        || !NAME.matcher(host).matches());
    }
}
