package outrider.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.web.EdgeService.JWT;

import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import outrider.web.OidcProvider.Mood;

/// A service whose OpenID Connect provider is not always there.
class OidcAwayTest {

    @TempDir
    Path keys;

    OidcProvider provider;

    @BeforeEach
    void open() throws Exception {
        provider = new OidcProvider();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void a_service_starts_without_its_provider_and_takes_its_tokens_once_it_is_there() throws Exception {
        provider.goAway();
        try (var service = start()) {
            assertThat(service.status(service.token(Scopes.INSIGHTS_READ))).isEqualTo(200);
            assertUnavailable(service.get(token()));
            var elsewhere = provider.token(claims -> claims.issuer("https://another.example"));
            assertThat(service.status(elsewhere)).isEqualTo(401);

            provider.comeBack();

            await().atMost(Duration.ofSeconds(30)).until(() -> service.status(token()) == 200);
        }
    }

    @Test
    void while_the_provider_is_away_a_known_key_is_good_and_an_unknown_one_is_not_the_callers_fault() throws Exception {
        try (var service = start()) {
            var known = token();
            assertThat(service.status(known)).isEqualTo(200);
            provider.newKey();
            var unknown = token();

            provider.goAway();

            assertThat(service.status(known)).isEqualTo(200);
            assertThat(service.missesProvider())
                    .as("before anybody has asked for it")
                    .isFalse();
            assertUnavailable(service.get(unknown));
            assertThat(service.missesProvider()).isTrue();
            assertThat(service.status(known)).isEqualTo(200);

            provider.comeBack();

            await().atMost(Duration.ofSeconds(30)).until(() -> service.status(unknown) == 200);
            assertThat(service.missesProvider()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SILENT", "DRIPS"})
    void a_provider_that_never_ends_its_answer_holds_nobody_up(Mood mood) throws Exception {
        provider.is(mood);
        try (var service = start();
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, 20)
                    .mapToObj(_ -> callers.submit(() -> service.get(token())))
                    .toList();
            assertThat(service.status(service.token(Scopes.INSIGHTS_READ))).isEqualTo(200);
            for (var call : calls) {
                assertUnavailable(call.get());
            }
            assertThat(provider.asked()).isLessThan(5);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BROKEN", "TALKS_NONSENSE", "IS_ANOTHER"})
    void a_provider_that_answers_wrongly_is_away(Mood mood) throws Exception {
        provider.is(mood);
        try (var service = start()) {
            assertUnavailable(service.get(token()));
            assertThat(service.status(service.token(Scopes.INSIGHTS_READ))).isEqualTo(200);
        }
    }

    @Test
    void a_new_key_is_taken_at_once_and_made_up_ones_do_not_reach_the_provider() throws Exception {
        try (var service = start()) {
            assertThat(service.status(token())).isEqualTo(200);
            provider.newKey();
            assertThat(service.status(token())).isEqualTo(200);
            var asked = provider.asked();

            for (int i = 0; i < 20; i++) {
                var madeUp = new RSAKeyGenerator(2048).keyID("made-up-" + i).generate();
                assertThat(service.status(provider.token(madeUp, claims -> claims)))
                        .isEqualTo(401);
            }

            assertThat(provider.asked()).isLessThan(asked + 10);
            assertThat(service.status(token())).isEqualTo(200);
        }
    }

    private EdgeService start() throws Exception {
        return EdgeService.start(
                keys,
                JWT + "issuer-uri=" + provider.issuer(),
                JWT + "audiences=outrider",
                JWT + "authorities-claim-name=groups");
    }

    private String token() throws Exception {
        return provider.token(claims -> claims);
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("10");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("urn:outrider:problem:unavailable").contains("issuer cannot be reached");
    }
}
