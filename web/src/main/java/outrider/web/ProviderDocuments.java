package outrider.web;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.util.StringUtils;

/// Fetches what an OpenID Connect provider publishes: where its keys are, unless that is configured, and the
/// keys.
///
/// All of it together takes three seconds at most, whether the provider is silent or drips.
final class ProviderDocuments implements JWKSetSource<SecurityContext> {

    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final long MOST_BYTES = 1 << 20;
    private static final String OPENID = "/.well-known/openid-configuration";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    private final OAuth2ResourceServerProperties.Jwt provider;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    /// @param provider has an `issuer-uri`, a `jwk-set-uri`, or both
    ProviderDocuments(OAuth2ResourceServerProperties.Jwt provider) {
        this.provider = provider;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
            throws JWKSetRetrievalException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        try {
            var configured = provider.getJwkSetUri();
            var keys = StringUtils.hasText(configured) ? URI.create(configured) : published(end);
            return JWKSet.parse(body(keys, get(keys, end)));
        } catch (IOException | ParseException | IllegalArgumentException e) {
            throw new JWKSetRetrievalException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /// Where the provider says that its keys are (OpenID Connect Discovery 1.0, section 4, and RFC 8414,
    /// section 5).
    private URI published(long end) throws IOException, ParseException {
        var issuer = String.valueOf(provider.getIssuerUri());
        for (var place : places(URI.create(issuer))) {
            var answer = get(place, end);
            if (answer.statusCode() / 100 == 4) {
                continue;
            }
            var document = JSONObjectUtils.parse(body(place, answer));
            if (!issuer.equals(document.get("issuer"))) {
                throw new IOException("%s is of the issuer %s".formatted(place, document.get("issuer")));
            }
            return URI.create(String.valueOf(JSONObjectUtils.getString(document, "jwks_uri")));
        }
        throw new IOException("%s does not say where its keys are".formatted(issuer));
    }

    private static List<URI> places(URI issuer) {
        var path = issuer.getRawPath().replaceFirst("/$", "");
        return List.of(issuer.resolve(path + OPENID), issuer.resolve(OPENID + path), issuer.resolve(OAUTH + path));
    }

    private static String body(URI place, HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != 200) {
            throw new IOException("%s answers %d".formatted(place, answer.statusCode()));
        }
        return answer.body();
    }

    private HttpResponse<String> get(URI place, long end) throws IOException {
        var request = HttpRequest.newBuilder(place)
                .header("Accept", "application/json, application/jwk-set+json")
                .build();
        var answer = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES));
        try {
            return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException("%s cannot be read: %s".formatted(place, e.getCause()), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("%s does not answer".formatted(place));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + place);
        }
    }
}
