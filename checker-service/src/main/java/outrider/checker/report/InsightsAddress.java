package outrider.checker.report;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the insights API is, and the file with the token that this service shows it.
@ConfigurationProperties("outrider")
record InsightsAddress(@DefaultValue Insights insights, Tokens tokens) {

    /// @param url where the insights API is; with several regions the address of each, the nearest first
    /// @param passOver how long an address is passed over for the next one after it could not be reached or
    /// answered that it is far from the primary; then one request tries it again
    /// @param connectionAge how old a connection grows before a new one takes its place, so that replicas and
    /// addresses that are new get their share
    record Insights(
            @DefaultValue("http://127.0.0.1:8080") List<URI> url,
            @DefaultValue("30s") Duration passOver,
            @DefaultValue("1m") Duration connectionAge) {

        Insights {
            url = List.copyOf(url);
            if (url.isEmpty() || !url.stream().allMatch(Insights::isHttp)) {
                throw new IllegalArgumentException(
                        "outrider.insights.url must be an http or https address, or several with commas between them, not "
                                + url);
            }
            if (new HashSet<>(url).size() < url.size()) {
                throw new IllegalArgumentException("outrider.insights.url names an address twice: " + url);
            }
            if (!passOver.isPositive() || !connectionAge.isPositive()) {
                throw new IllegalArgumentException(
                        "outrider.insights: pass-over and connection-age must be more than zero, not %s and %s"
                                .formatted(passOver, connectionAge));
            }
        }

        private static boolean isHttp(URI url) {
            return ("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null;
        }
    }

    /// @param bearer the file with the token that this service shows the others; read again for each request,
    /// so that a token can be rotated
    record Tokens(Path bearer) {}

    @SuppressWarnings("ConstantValue") // the binder leaves an absent property null
    InsightsAddress {
        if (tokens == null || tokens.bearer() == null) {
            throw new IllegalArgumentException("outrider.tokens.bearer must name the file with this service's token");
        }
    }
}
