package outrider.checker.check.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The fields of a `security.txt` that it must have (RFC 9116, section 2.5), signed or not.
///
/// @param contacts the values of `Contact`, the first hundred
/// @param expires those of `Expires`, likewise
record SecurityTxt(List<String> contacts, List<String> expires) {

    private static final int MAX_VALUES = 100;
    private static final int MAX_VALUE = 2_048;

    SecurityTxt {
        contacts = List.copyOf(contacts);
        expires = List.copyOf(expires);
    }

    /// Reads any text; what is no field is skipped, as section 2.4 has it for fields that are unknown.
    static SecurityTxt parse(String text) {
        var contacts = new ArrayList<String>();
        var expires = new ArrayList<String>();
        text.lines().forEach(line -> {
            field(line, "contact:").ifPresent(value -> add(contacts, value));
            field(line, "expires:").ifPresent(value -> add(expires, value));
        });
        return new SecurityTxt(contacts, expires);
    }

    /// Whether it has none of them.
    boolean isEmpty() {
        return contacts.isEmpty() && expires.isEmpty();
    }

    /// Whether somebody can be told: a `Contact` must be a URI, and one of the web must be `https` (section 2.5.3).
    boolean hasContact() {
        return contacts.stream().anyMatch(SecurityTxt::isContact);
    }

    /// When an `Expires` ends it (RFC 3339, section 5.6); empty if that is no time.
    static Optional<Instant> time(String expires) {
        try {
            return Optional.of(
                    OffsetDateTime.parse(expires.toUpperCase(Locale.ROOT).replace(' ', 'T'))
                            .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// The field's value if the line is that field. Names are in any case; in a signed file a line may begin with a
    /// dash and a blank (RFC 9580, section 7.2).
    private static Optional<String> field(String line, String name) {
        var begin = line.startsWith("- ") ? 2 : line.startsWith("\uFEFF") ? 1 : 0;
        return line.regionMatches(true, begin, name, 0, name.length())
                ? Optional.of(line.substring(begin + name.length()).strip())
                : Optional.empty();
    }

    private static void add(List<String> values, String value) {
        if (values.size() < MAX_VALUES && value.length() <= MAX_VALUE) {
            values.add(value);
        }
    }

    private static boolean isContact(String value) {
        var colon = value.indexOf(':');
        var scheme = colon < 0 ? "" : value.substring(0, colon).toLowerCase(Locale.ROOT);
        var isScheme = !scheme.isEmpty()
                && scheme.charAt(0) >= 'a'
                && scheme.charAt(0) <= 'z'
                && scheme.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "+-.".indexOf(c) >= 0);
        return isScheme && !scheme.equals("http") && colon + 1 < value.length();
    }
}
