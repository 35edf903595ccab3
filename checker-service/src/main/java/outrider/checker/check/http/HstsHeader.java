package outrider.checker.check.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The value of `Strict-Transport-Security`, read as browsers do (RFC 6797, section 6.1).
///
/// @param maxAge in seconds; what is too long to count is [Long#MAX_VALUE]
record HstsHeader(long maxAge, boolean includesSubdomains) {

    /// What browsers ignore as a whole.
    static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    static HstsHeader parse(String value) throws MalformedException {
        var directives = new Parser(value).directives();
        var maxAge = directives.get("max-age");
        if (maxAge == null) {
            throw new MalformedException("it has no max-age");
        }
        if (maxAge.isEmpty() || !maxAge.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedException("its max-age is no number of seconds");
        }
        return new HstsHeader(
                maxAge.length() > 18 ? Long.MAX_VALUE : Long.parseLong(maxAge),
                directives.containsKey("includesubdomains"));
    }

    private static final class Parser {

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        /// The directives by name in lower case; a value left out is empty.
        Map<String, String> directives() throws MalformedException {
            var directives = new HashMap<String, String>();
            while (true) {
                skipBlanks();
                var name = token().toLowerCase(Locale.ROOT);
                if (!name.isEmpty()) {
                    skipBlanks();
                    var value = taken('=') ? value() : "";
                    if (directives.put(name, value) != null) {
                        throw new MalformedException("it has a directive twice");
                    }
                    skipBlanks();
                }
                if (at == text.length()) {
                    return directives;
                }
                if (!taken(';')) {
                    throw new MalformedException("it has something other than directives between semicolons");
                }
            }
        }

        private String value() throws MalformedException {
            skipBlanks();
            return taken('"') ? quoted() : token();
        }

        private String quoted() throws MalformedException {
            var value = new StringBuilder();
            while (!taken('"')) {
                taken('\\');
                if (at == text.length()) {
                    throw new MalformedException("it has a quotation mark without its pair");
                }
                value.append(text.charAt(at++));
            }
            return value.toString();
        }

        private String token() {
            var begin = at;
            while (at < text.length() && isTokenCharacter(text.charAt(at))) {
                at++;
            }
            return text.substring(begin, at);
        }

        private boolean taken(char c) {
            var is = at < text.length() && text.charAt(at) == c;
            at += is ? 1 : 0;
            return is;
        }

        private void skipBlanks() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }

        private static boolean isTokenCharacter(char c) {
            return c >= '0' && c <= '9'
                    || c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }
    }
}
