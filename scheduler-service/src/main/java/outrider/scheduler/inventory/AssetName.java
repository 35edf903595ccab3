package outrider.scheduler.inventory;

import java.net.IDN;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import outrider.scan.AssetKind;

/// The rules for the name of an asset, and its one spelling: lower case, A-labels, no trailing dot.
final class AssetName {

    private static final int LONGEST = 253;
    /// RFC 1123, section 2.1: letters, digits and inner hyphens, 63 at most.
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern NUMBER = Pattern.compile("\\d+|0x[0-9a-f]*");
    /// Characters that the old and the new rules for internationalised names (RFC 3490, RFC 5892) turn into different
    /// names.
    private static final Pattern DEVIATION = Pattern.compile("[ßς\\u200c\\u200d]");

    private AssetName() {}

    /// The spelling under which a name is kept; an [IllegalArgumentException] says what is wrong with it.
    ///
    /// A zone has two labels or more. A host may be a single label or an IPv4 address.
    static String of(AssetKind kind, String text) {
        var name = ascii(text.strip()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "must be a name without scheme, port or IPv6 address; those go into 'endpoints': https://[2001:db8::1]:8443");
        }
        if (IPV4.matcher(name).matches()) {
            return address(kind, name);
        }
        var labels = name.split("\\.", -1);
        check(name, labels);
        if (kind == AssetKind.ZONE && labels.length < 2) {
            throw new IllegalArgumentException(
                    "must be a domain such as example.com; for a single host use the kind 'host'");
        }
        return name;
    }

    private static String ascii(String text) {
        if (text.isEmpty() || text.length() > LONGEST + 1) {
            throw new IllegalArgumentException("must have 1 to %d characters".formatted(LONGEST));
        }
        if (text.chars().allMatch(character -> character < 128)) {
            return text;
        }
        if (DEVIATION.matcher(text).find()) {
            throw new IllegalArgumentException(
                    "has a character that old and new software reads as different domains: write the domain with A-labels (xn--…)");
        }
        try {
            return IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "is no domain name; if it is a new one, write it with A-labels (xn--…)", e);
        }
    }

    private static void check(String name, String[] labels) {
        if (name.length() > LONGEST) {
            throw new IllegalArgumentException("must have 1 to %d characters".formatted(LONGEST));
        }
        for (var label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException(
                        "is no host name: each part between dots has 1 to 63 letters, digits or inner hyphens, unlike '%s'"
                                .formatted(label.length() <= 70 ? label : label.substring(0, 70) + "…"));
            }
        }
        if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
            throw new IllegalArgumentException("is no host name: its last part is a number");
        }
    }

    private static String address(AssetKind kind, String name) {
        if (kind == AssetKind.ZONE) {
            throw new IllegalArgumentException("must be a domain, not an IP address; use the kind 'host' for that");
        }
        try {
            return InetAddress.ofLiteral(name).getHostAddress();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is no IPv4 address: each part is 0 to 255", e);
        }
    }
}
