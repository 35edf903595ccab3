package outrider.checker.report;

import java.net.URI;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the insights API is, and the file with the token that this service shows it.
@ConfigurationProperties("outrider")
record InsightsAddress(@DefaultValue Insights insights, Tokens tokens) {

    /// @param url where the insights API is
    record Insights(@DefaultValue("http://127.0.0.1:8080") URI url) {}

    /// @param bearer the file with the token that this service shows the others; read again for each request, so
    /// that a token can be rotated
    record Tokens(Path bearer) {}

    @SuppressWarnings("ConstantValue") // the binder leaves an absent property null
    InsightsAddress {
        if (tokens == null || tokens.bearer() == null) {
            throw new IllegalArgumentException("outrider.tokens.bearer must name the file with this service's token");
        }
    }
}
