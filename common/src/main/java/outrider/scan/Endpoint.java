package outrider.scan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/// One web server address of an asset: a scheme, a host and a port, written `https://www.example.com:8443`.
///
/// Its text leaves out the scheme's own port, so that one endpoint has one spelling.
public record Endpoint(String scheme, String host, int port) {

    public Endpoint {
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("an endpoint's scheme is http or https, not '%s'".formatted(scheme));
        }
        if (host.isBlank() || host.length() > 253) {
            throw new IllegalArgumentException("an endpoint needs a host of 1 to 253 characters");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("an endpoint's port is 1 to 65535, not %d".formatted(port));
        }
        host = host.toLowerCase(Locale.ROOT);
    }

    /// Reads `https://host` or `https://host:port`; an [IllegalArgumentException] says what is wrong with anything
    /// else.
    @JsonCreator
    public static Endpoint of(String text) {
        try {
            var uri = new URI(text);
            if (uri.getScheme() == null || uri.getHost() == null) {
                throw new IllegalArgumentException(
                        "'%s' is no endpoint: write https://host or https://host:port".formatted(brief(text)));
            }
            var path = uri.getRawPath();
            if (uri.getRawUserInfo() != null
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null
                    || !(path.isEmpty() || path.equals("/"))) {
                throw new IllegalArgumentException(
                        "an endpoint is only scheme, host and port; leave the rest of '%s' out".formatted(brief(text)));
            }
            var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            return new Endpoint(scheme, uri.getHost(), uri.getPort() == -1 ? defaultPort(scheme) : uri.getPort());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "'%s' is no endpoint: write https://host or https://host:port".formatted(brief(text)), e);
        }
    }

    /// The endpoints an asset has when its owner named none: its name over https and http.
    public static List<Endpoint> derivedFrom(String name) {
        return List.of(new Endpoint("https", name, 443), new Endpoint("http", name, 80));
    }

    /// Whether this endpoint speaks TLS.
    public boolean secure() {
        return scheme.equals("https");
    }

    @JsonValue
    @Override
    public String toString() {
        return port == defaultPort(scheme) ? scheme + "://" + host : scheme + "://" + host + ":" + port;
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("http") ? 80 : 443;
    }

    private static String brief(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
