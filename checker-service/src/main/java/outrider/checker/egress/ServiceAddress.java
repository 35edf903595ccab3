package outrider.checker.egress;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a service of ours is, as configuration has it: `kafka:9092`, `http://insights-api:8080`,
/// `jdbc:postgresql://db/outrider`.
///
/// @param host a name, or an address without brackets
record ServiceAddress(String host, int port) {

    private static final Pattern FORM = Pattern.compile(
            "(?:([^/]+)://)?(?:[^@/]*@)?(?:\\[([^\\]]+)\\]|([^:/?\\[\\]\\s]+))(?::([0-9]{1,5}))?(?:[/?].*)?");

    ServiceAddress {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("%d is no port of %s".formatted(port, host));
        }
    }

    /// An [IllegalArgumentException] for anything else, or where neither port nor a known scheme is given.
    static ServiceAddress of(String text) {
        var form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no service: write host:port or http://host:port".formatted(text));
        }
        return new ServiceAddress(form.group(2) == null ? form.group(3) : form.group(2), port(form, text));
    }

    private static int port(Matcher form, String text) {
        if (form.group(4) != null) {
            return Integer.parseInt(form.group(4));
        }
        return switch (form.group(1)) {
            case "http" -> 80;
            case "https" -> 443;
            case "jdbc:postgresql" -> 5432;
            case null, default ->
                throw new IllegalArgumentException("'%s' is no service: its port is missing".formatted(text));
        };
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
