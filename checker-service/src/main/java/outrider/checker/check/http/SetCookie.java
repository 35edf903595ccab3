package outrider.checker.check.http;

import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/// One cookie as browsers read it from `Set-Cookie` (RFC 6265bis, section 5.6), without its value, which is a secret
/// and goes nowhere.
///
/// @param name empty where the server gave none
/// @param domain in lower case and without a leading dot; empty for the host alone
/// @param path as written; empty for the default
/// @param sameSite what browsers make of it: `STRICT`, `LAX`, `NONE`, or `ABSENT` also for words they do not know
/// @param removal whether it takes a cookie away: it has no value, no time to live, or ended long ago
record SetCookie(
        String name, String domain, String path, boolean secure, boolean httpOnly, SameSite sameSite, boolean removal) {

    /// To whom the cookie goes along from other sites.
    enum SameSite {
        STRICT,
        LAX,
        NONE,
        ABSENT
    }

    private static final int MAX_PAIR = 4_096;
    private static final int MAX_ATTRIBUTE = 1_024;
    private static final int LONG_AGO = 2001;

    /// Reads the value of one header; empty for what browsers ignore as a whole.
    static Optional<SetCookie> parse(String header) {
        if (header.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7F)) {
            return Optional.empty();
        }
        var pair = Tokens.before(header, ";");
        var equals = pair.indexOf('=');
        var name = equals < 0 ? "" : pair.substring(0, equals).strip();
        var value = pair.substring(equals + 1).strip();
        if (name.isEmpty() && value.isEmpty() || name.length() + value.length() > MAX_PAIR) {
            return Optional.empty();
        }
        var attributes = new Attributes();
        Tokens.parts(header.substring(Math.min(header.length(), pair.length() + 1)), ';')
                .forEach(attributes::add);
        return Optional.of(attributes.on(name, value.isEmpty()));
    }

    boolean hasPrefix(String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /// The attributes that matter, for people.
    String attributes() {
        var shown = new StringJoiner("; ");
        shown.setEmptyValue("no attributes");
        if (!domain.isEmpty()) {
            shown.add("Domain=" + domain);
        }
        if (!path.isEmpty()) {
            shown.add("Path=" + path);
        }
        if (secure) {
            shown.add("Secure");
        }
        if (httpOnly) {
            shown.add("HttpOnly");
        }
        if (sameSite != SameSite.ABSENT) {
            shown.add("SameSite=" + sameSite.name().charAt(0)
                    + sameSite.name().substring(1).toLowerCase(Locale.ROOT));
        }
        return shown.toString();
    }

    /// Collects attributes; of one given twice the last counts.
    private static final class Attributes {

        private String domain = "";
        private String path = "";
        private boolean secure;
        private boolean httpOnly;
        private SameSite sameSite = SameSite.ABSENT;
        private Optional<Boolean> aged = Optional.empty();
        private boolean expired;

        void add(String attribute) {
            var equals = attribute.indexOf('=');
            var name = equals < 0 ? attribute : attribute.substring(0, equals).strip();
            var value = equals < 0 ? "" : attribute.substring(equals + 1).strip();
            if (value.length() > MAX_ATTRIBUTE) {
                return;
            }
            switch (name.toLowerCase(Locale.ROOT)) {
                case "domain" -> domain = domain(value);
                case "path" -> path = value.startsWith("/") ? value : "";
                case "secure" -> secure = true;
                case "httponly" -> httpOnly = true;
                case "samesite" -> sameSite = sameSite(value);
                case "max-age" -> aged = isNumber(value) ? Optional.of(isNothing(value)) : aged;
                case "expires" -> expired = isLongAgo(value);
                default -> {}
            }
        }

        /// `Max-Age` wins over `Expires`.
        SetCookie on(String name, boolean noValue) {
            return new SetCookie(name, domain, path, secure, httpOnly, sameSite, noValue || aged.orElse(expired));
        }

        private static String domain(String value) {
            return (value.startsWith(".") ? value.substring(1) : value).toLowerCase(Locale.ROOT);
        }

        private static SameSite sameSite(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "strict" -> SameSite.STRICT;
                case "lax" -> SameSite.LAX;
                case "none" -> SameSite.NONE;
                default -> SameSite.ABSENT;
            };
        }

        private static boolean isNumber(String value) {
            var digits = value.startsWith("-") ? value.substring(1) : value;
            return !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        private static boolean isNothing(String number) {
            return number.startsWith("-") || number.chars().allMatch(c -> c == '0');
        }

        /// Servers that take a cookie away name a day of the last century, and most the first one of 1970.
        private static boolean isLongAgo(String date) {
            return Tokens.words(date.replace('-', ' ')).stream()
                    .filter(word -> word.length() == 4 && isNumber(word) && !word.startsWith("-"))
                    .findFirst()
                    .map(Integer::parseInt)
                    .filter(year -> year <= LONG_AGO)
                    .isPresent();
        }
    }
}
