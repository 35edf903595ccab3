package outrider.checker.check.dns;

import java.net.IDN;
import java.util.Locale;

/// Spells domain names as the DNS does.
final class DomainNames {

    private DomainNames() {}

    /// In lower case, ASCII (RFC 5890) and without the final dot. What cannot be spelled so stays as it is: the DNS
    /// client says so in its answer.
    static String ascii(String name) {
        var bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (bare.chars().anyMatch(c -> c > 0x7F)) {
            try {
                bare = IDN.toASCII(bare);
            } catch (IllegalArgumentException e) {
                return bare;
            }
        }
        return bare.toLowerCase(Locale.ROOT);
    }
}
