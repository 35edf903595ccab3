package outrider.checker.check.http;

import java.net.IDN;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import outrider.checker.egress.Literals;

/// An `http` or `https` address as browsers read one in a page, forgiving what they forgive (WHATWG URL, section
/// 4.4). The query is left out: it changes from one answer to the next.
///
/// @param host in lower case and ASCII
/// @param port -1 for the scheme's own
/// @param path as it was written, cut at 300 characters
record WebAddress(String scheme, String host, int port, String path) {

    private static final int MAX_PATH = 300;
    private static final int MAX_HOST = 253;
    private static final String FORBIDDEN_IN_HOST = " #%/:<>?@[\\]^|";

    WebAddress {
        path = path.length() > MAX_PATH ? path.substring(0, MAX_PATH) + "…" : path;
    }

    /// The address of an answer.
    static WebAddress of(URI url) {
        return new WebAddress(
                url.getScheme().toLowerCase(Locale.ROOT),
                url.getHost().toLowerCase(Locale.ROOT),
                url.getPort(),
                url.getRawPath());
    }

    /// Where a reference on a page with this base leads; empty if nowhere on the web.
    Optional<WebAddress> resolve(String reference) {
        var text = withoutLineBreaks(reference.trim());
        var named = schemeOf(text);
        var rest = named.isEmpty() ? text : text.substring(named.length() + 1);
        var wanted = named.isEmpty() ? scheme : named.toLowerCase(Locale.ROOT);
        if (!wanted.equals("http") && !wanted.equals("https")) {
            return Optional.empty();
        }
        var slashes = leadingSlashes(rest);
        return slashes < 2 && wanted.equals(scheme)
                ? Optional.of(new WebAddress(scheme, host, port, pathOf(rest)))
                : absolute(wanted, rest.substring(slashes));
    }

    boolean secure() {
        return scheme.equals("https");
    }

    /// Whether it leads to the very machine that the browser runs on, so that nobody is on the way.
    boolean isLocal() {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || Literals.address(host)
                        .filter(address -> address.isLoopbackAddress())
                        .isPresent();
    }

    @Override
    public String toString() {
        return "%s://%s%s%s".formatted(scheme, host, port < 0 ? "" : ":" + port, path);
    }

    private static Optional<WebAddress> absolute(String scheme, String text) {
        var end = Tokens.firstOf(text, "/\\?#", 0);
        var authority = text.substring(0, end);
        var place = authority.substring(authority.lastIndexOf('@') + 1);
        var colon = place.indexOf(':', place.startsWith("[") ? Math.max(0, place.indexOf(']')) : 0);
        var port = colon < 0 ? Optional.of(-1) : port(place.substring(colon + 1));
        var host = host(colon < 0 ? place : place.substring(0, colon));
        var path = text.substring(end, Tokens.firstOf(text, "?#", end)).replace('\\', '/');
        return host.isEmpty() || port.isEmpty()
                ? Optional.empty()
                : Optional.of(new WebAddress(scheme, host.get(), port.get(), path.isEmpty() ? "/" : path));
    }

    private static Optional<String> host(String text) {
        if (text.isEmpty() || text.length() > MAX_HOST) {
            return Optional.empty();
        }
        if (text.startsWith("[")) {
            return Literals.address(text).map(address -> text.toLowerCase(Locale.ROOT));
        }
        try {
            var ascii = IDN.toASCII(text, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
            return ascii.chars().anyMatch(c -> c <= ' ' || c >= 0x7F || FORBIDDEN_IN_HOST.indexOf(c) >= 0)
                    ? Optional.empty()
                    : Optional.of(ascii);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> port(String digits) {
        if (digits.isEmpty()) {
            return Optional.of(-1);
        }
        var number = digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Integer.parseInt(digits)
                : Integer.MAX_VALUE;
        return number <= 65_535 ? Optional.of(number) : Optional.empty();
    }

    private String pathOf(String reference) {
        var written = Tokens.before(reference, "?#").replace('\\', '/');
        if (written.isEmpty()) {
            return path;
        }
        return written.startsWith("/") ? written : path.substring(0, path.lastIndexOf('/') + 1) + written;
    }

    private static String schemeOf(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            var letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (c == ':' && i > 0) {
                return text.substring(0, i);
            }
            if (!letter && (i == 0 || !(c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'))) {
                break;
            }
        }
        return "";
    }

    private static int leadingSlashes(String text) {
        var count = 0;
        while (count < text.length() && (text.charAt(count) == '/' || text.charAt(count) == '\\')) {
            count++;
        }
        return count;
    }

    private static String withoutLineBreaks(String text) {
        return text.replace("\t", "").replace("\n", "").replace("\r", "");
    }
}
