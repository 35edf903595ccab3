package outrider.insights.query;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import outrider.scan.Endpoint;

/// The command line with which a person sees for themselves what a check saw.
final class Reproduction {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(subject|host|port)}");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/@%+=-]+");

    private Reproduction() {}

    /// Puts the subject, and its host and port where it is an endpoint, into the catalogue's line.
    ///
    /// Whoever owns the asset chose the subject, and someone else will paste the line: what a shell could take for
    /// its own is quoted.
    static String of(String template, String subject) {
        var host = subject;
        var port = 443;
        try {
            var endpoint = Endpoint.of(subject);
            host = endpoint.host();
            port = endpoint.port();
        } catch (IllegalArgumentException e) {
            // Then it is the name of a record or of a host: see above.
        }
        var values = Map.of("subject", quoted(subject), "host", quoted(host), "port", Integer.toString(port));
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), match.group())));
    }

    private static String quoted(String value) {
        return PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
