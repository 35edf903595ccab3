package outrider.checker.check.http;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import outrider.checker.egress.Fetched;

/// Reads where a redirect leads (RFC 9110, section 15.4).
final class Redirects {

    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
    /// Letters of which IDNA 2003 makes others (UTS 46, section 7).
    private static final String DEVIATIONS = "\u00DF\u03C2\u200C\u200D";

    private static final String LEGAL_IN_URI = "-._~:/?#[]@!$&'()*+,;=%";

    private Redirects() {}

    /// The `Location` of a redirect; empty if the answer is none.
    static Optional<String> location(Fetched.Response response) {
        return STATUSES.contains(response.status()) ? response.header("Location") : Optional.empty();
    }

    /// The address behind a `Location`, seen from where it was sent; empty if no request could go there.
    static Optional<URI> target(URI from, String location) {
        try {
            var target = from.resolve(new URI(escaped(withNameInAscii(location.strip()))));
            var scheme = target.getScheme();
            var web = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
            return web && target.getHost() != null && target.getRawUserInfo() == null
                    ? Optional.of(plain(target))
                    : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// One spelling for one address: host in lower case, no fragment, no default port, at least a slash as path.
    static URI plain(URI address) throws URISyntaxException {
        var scheme = address.getScheme().toLowerCase(Locale.ROOT);
        var port = address.getPort() == (scheme.equals("http") ? 80 : 443) ? -1 : address.getPort();
        var path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        var query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        return new URI("%s://%s%s%s%s"
                .formatted(
                        scheme, address.getHost().toLowerCase(Locale.ROOT), port < 0 ? "" : ":" + port, path, query));
    }

    /// The address with its host as the DNS has it; an [IllegalArgumentException] if it is none there, or if the
    /// platform's IDNA of 2003 would make another name of it than browsers do.
    private static String withNameInAscii(String location) {
        var scheme = location.indexOf(":");
        var slashes = location.startsWith("//") ? 0 : scheme + 1;
        if (!location.startsWith("//", slashes)
                || location.substring(0, slashes).chars().anyMatch(c -> "/?#".indexOf(c) >= 0)) {
            return location;
        }
        var begin = slashes + 2;
        var end = begin;
        while (end < location.length() && "/?#:\\".indexOf(location.charAt(end)) < 0) {
            end++;
        }
        var host = location.substring(begin, end);
        if (host.chars().allMatch(c -> c < 0x80)) {
            return location;
        }
        if (host.chars().anyMatch(c -> DEVIATIONS.indexOf(c) >= 0)) {
            throw new IllegalArgumentException("a name that IDNA 2003 and 2008 read differently");
        }
        return location.substring(0, begin) + IDN.toASCII(host) + location.substring(end);
    }

    /// Browsers take what servers send, blanks and bare UTF-8 included.
    private static String escaped(String location) {
        var escaped = new StringBuilder();
        for (var octet : location.getBytes(StandardCharsets.UTF_8)) {
            var c = (char) (octet & 0xFF);
            var legal = c < 0x80 && (Character.isLetterOrDigit(c) || LEGAL_IN_URI.indexOf(c) >= 0);
            escaped.append(legal ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return escaped.toString();
    }
}
