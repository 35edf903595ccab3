package outrider.scheduler.keys;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How API keys are exchanged for tokens.
///
/// @param signing the file with the private key that signs tokens, read again for each; null: this deployment has
/// no API keys
/// @param tokenValidity how long such a token is valid, and so how long a key that was taken back may still be used
/// @param longest the longest time for which a key may be made
@ConfigurationProperties("outrider.keys")
record ApiKeyProperties(
        @Nullable Path signing,
        @DefaultValue("15m") Duration tokenValidity,
        @DefaultValue("400d") Duration longest) {

    ApiKeyProperties {
        if (tokenValidity.toSeconds() < 60 || tokenValidity.toHours() > 24) {
            throw new IllegalArgumentException("outrider.keys.token-validity must be from 1m to 24h");
        }
        if (longest.compareTo(tokenValidity) < 0) {
            throw new IllegalArgumentException("outrider.keys.longest must not be shorter than .token-validity");
        }
    }
}
