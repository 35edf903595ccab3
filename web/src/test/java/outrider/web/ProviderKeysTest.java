package outrider.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProviderKeysTest {

    private static final JWKSelector ANY = new JWKSelector(new JWKMatcher.Builder().build());
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration LONGER = Duration.ofMillis(20);

    private final Published published = new Published();

    @Test
    void keys_that_are_due_to_be_fetched_again_are_good_while_the_provider_is_away() throws Exception {
        var keys = new ProviderKeys(published, SHORT, LONGER, Duration.ofHours(1));
        assertThat(keys.get(ANY, null)).hasSize(1);

        published.away = true;

        await().until(() -> keys.get(ANY, null).size() == 1 && published.asked.get() >= 3);
    }

    @Test
    void they_are_not_good_for_ever() throws Exception {
        var keys = new ProviderKeys(published, SHORT, LONGER, LONGER);
        assertThat(keys.get(ANY, null)).hasSize(1);

        published.away = true;

        await().until(() -> {
            try {
                return keys.get(ANY, null).isEmpty();
            } catch (KeySourceException e) {
                return true;
            }
        });
    }

    private static final class Published implements JWKSetSource<SecurityContext> {

        final AtomicInteger asked = new AtomicInteger();
        final JWKSet keys = keys();
        boolean away;

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, SecurityContext context)
                throws KeySourceException {
            asked.incrementAndGet();
            if (away) {
                throw new JWKSetRetrievalException("away", null);
            }
            return keys;
        }

        @Override
        public void close() {}

        private static JWKSet keys() {
            try {
                return new JWKSet(new RSAKeyGenerator(2048).generate());
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
