package outrider.web;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public keys of an OpenID Connect provider: fetched when the first of its tokens comes, kept for five
/// minutes, and fetched before that for a token whose key is not among them, but at most twice in ten seconds.
///
/// While the provider is away its keys are good for an hour after they were fetched. That there is no such key
/// is believed only of a provider that answers; until then it is a [KeySourceException].
final class ProviderKeys implements JWKSource<SecurityContext> {

    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ProviderKeys.class);
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration GOOD_WHILE_AWAY = Duration.ofHours(1);
    // More than a fetch takes, or those who wait for another's fetch would give up just before it ends.
    private static final Duration WAIT = ProviderDocuments.PATIENCE.plusSeconds(1);

    private final Watched published;
    private final JWKSource<SecurityContext> kept;

    ProviderKeys(JWKSetSource<SecurityContext> published) {
        this(published, PAUSE, KEPT, GOOD_WHILE_AWAY);
    }

    ProviderKeys(JWKSetSource<SecurityContext> published, Duration pause, Duration kept, Duration goodWhileAway) {
        this.published = new Watched(published);
        this.kept = JWKSourceBuilder.create(this.published)
                .cache(kept.toMillis(), WAIT.toMillis())
                .refreshAheadCache(false)
                .rateLimited(pause.toMillis())
                .outageTolerant(goodWhileAway.toMillis())
                .build();
    }

    /// Whether the last fetch went wrong.
    boolean away() {
        return published.away;
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        List<JWK> found;
        try {
            found = kept.get(selector, context);
        } catch (RateLimitReachedException e) {
            // It was asked a moment ago, and that key was not among what it said.
            found = List.of();
        }
        if (found.isEmpty() && published.away) {
            throw new JWKSetUnavailableException("The provider cannot be asked for its keys");
        }
        return found;
    }

    /// Knows whether the last fetch went wrong.
    private static final class Watched extends JWKSetSourceWrapper<SecurityContext> {

        private volatile boolean away;

        Watched(JWKSetSource<SecurityContext> published) {
            super(published);
        }

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
                throws KeySourceException {
            try {
                var keys = getSource().getJWKSet(evaluator, now, context);
                if (away) {
                    LOG.info("The identity provider is back");
                }
                away = false;
                return keys;
            } catch (KeySourceException e) {
                if (!away) {
                    LOG.warn(
                            "The identity provider is away; of its tokens only those with a known key are taken: {}",
                            e.getMessage());
                }
                away = true;
                throw e;
            }
        }
    }
}
