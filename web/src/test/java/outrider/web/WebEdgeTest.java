package outrider.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import outrider.scan.Plan;

/// A service with two routes on the real edge, over real HTTP.
class WebEdgeTest {

    @TempDir
    static Path keys;

    static ConfigurableApplicationContext service;
    static TokenSigner signer;

    @BeforeAll
    static void start() throws IOException {
        signer = TokenSigner.open(keys, Clock.systemUTC());
        service = new SpringApplicationBuilder(Service.class)
                .run(
                        "--server.port=0",
                        "--spring.application.name=test",
                        "--outrider.tokens.jwks=" + keys.resolve("jwks.json"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void health_is_open_and_nothing_else() throws Exception {
        assertThat(get("/actuator/health/readiness", null).statusCode()).isEqualTo(200);
        assertThat(get("/things/1", null).statusCode()).isEqualTo(401);
        assertThat(get("/v3/api-docs", null).statusCode()).isEqualTo(401);
        assertThat(get("/nowhere", token(Scopes.OPERATOR, null)).statusCode()).isEqualTo(403);
    }

    @Test
    void needs_the_scope_of_the_route() throws Exception {
        assertThat(get("/things/1", token(Set.of(Scopes.INSIGHTS_READ), null)).statusCode())
                .isEqualTo(200);
        assertThat(get("/things/1", token(Set.of(Scopes.INVENTORY_READ), null)).statusCode())
                .isEqualTo(403);
    }

    @Test
    void refuses_expired_and_foreign_tokens(@TempDir Path otherKeys) throws Exception {
        var past = Clock.fixed(Instant.now().minus(Duration.ofDays(2)), ZoneOffset.UTC);
        var expired = TokenSigner.open(keys, past).mint("x", Scopes.OPERATOR, null, Duration.ofDays(1));
        var foreign =
                TokenSigner.open(otherKeys, Clock.systemUTC()).mint("x", Scopes.OPERATOR, null, Duration.ofDays(1));

        assertThat(get("/things/1", expired).statusCode()).isEqualTo(401);
        assertThat(get("/things/1", foreign).statusCode()).isEqualTo(401);
    }

    @Test
    void a_signing_key_is_changed_without_a_token_being_refused(@TempDir Path directory) throws Exception {
        TokenTool.main(new String[] {"init", directory.toString()});
        var rotating = new SpringApplicationBuilder(Service.class)
                .run(
                        "--server.port=0",
                        "--spring.application.name=test",
                        "--outrider.tokens.jwks=" + directory.resolve("public/jwks.json"));
        try (rotating) {
            var first = Files.readString(directory.resolve("signing/admin.token"));
            TokenTool.main(new String[] {"prepare", directory.toString()});
            assertThat(things(rotating, first)).isEqualTo(200);

            TokenTool.main(new String[] {"change", directory.toString()});
            var second = Files.readString(directory.resolve("signing/admin.token"));
            assertThat(second).isNotEqualTo(first);
            assertThat(things(rotating, first)).isEqualTo(200);
            assertThat(things(rotating, second)).isEqualTo(200);

            TokenTool.main(new String[] {"retire", directory.toString()});
            assertThat(things(rotating, first)).isEqualTo(401);
            assertThat(things(rotating, second)).isEqualTo(200);
        }
    }

    @Test
    void the_next_signing_key_is_accepted_before_it_signs(@TempDir Path directory) throws Exception {
        var keys = new SigningKeys(directory);
        keys.open();
        keys.prepare();
        var next = SigningKeys.read(directory.resolve("next-key.json"));

        assertThat(Files.readString(keys.published())).contains(next.getKeyID()).doesNotContain("\"d\"");
        assertThatThrownBy(keys::prepare).hasMessageContaining("next key already");
        keys.change();
        assertThat(keys.open().getKeyID()).isEqualTo(next.getKeyID());
        assertThatThrownBy(keys::change).hasMessageContaining("prepare");
    }

    @Test
    void tells_the_controller_which_account_the_token_sees() throws Exception {
        var account = UUID.randomUUID();

        var answer = get("/things/1", token(Set.of(Scopes.INSIGHTS_READ), account));

        assertThat(answer.body()).isEqualTo("{\"plan\":\"PRO\",\"seen_by\":\"" + account + "\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"plan\":\"GOLD\"}             | 400 | plan",
                "{}                              | 400 | plan",
                "{\"plan\":null}                 | 400 | plan",
                "{\"plan\":\"PRO\",\"plam\":1}   | 400 | plam",
                "{\"plan\":                      | 400 | not valid JSON",
                "''                              | 400 | body is missing",
                "{\"plan\":\"FREE\"}             | 422 | not for sale"
            })
    void answers_bad_bodies_with_a_problem_that_names_the_field(String body, int status, String complaint)
            throws Exception {
        var answer = send(request("/things", token(Scopes.OPERATOR, null))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains(complaint).contains("urn:outrider:problem:");
    }

    @Test
    void hides_what_went_wrong_inside() throws Exception {
        var answer = get("/things/1?fail=true", token(Scopes.OPERATOR, null));

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("urn:outrider:problem:internal").doesNotContain("secret");
    }

    @Test
    void a_problem_names_the_trace_to_look_for() throws Exception {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        var answer = send(request("/things/1?fail=true", token(Scopes.OPERATOR, null))
                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-00"));

        assertThat(answer.body()).contains("\"trace_id\":\"" + trace + "\"");
    }

    @Test
    void serves_openapi_3_1_in_the_spelling_of_the_wire() throws Exception {
        var answer = get("/v3/api-docs", token(Scopes.OPERATOR, null));

        assertThat(answer.body())
                .contains("\"openapi\":\"3.1")
                .contains("seen_by")
                .doesNotContain("seenBy");
    }

    private static int things(ConfigurableApplicationContext of, String token) throws Exception {
        var port = of.getEnvironment().getProperty("local.server.port");
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/things/1"))
                        .header("Authorization", "Bearer " + token))
                .statusCode();
    }

    private static String token(Set<String> scopes, UUID account) {
        return signer.mint("tester", scopes, account, Duration.ofMinutes(5));
    }

    private static HttpResponse<String> get(String path, String token) throws Exception {
        return send(request(path, token).GET());
    }

    private static HttpRequest.Builder request(String path, String token) {
        var request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port") + path));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    record Thing(Plan plan, String seenBy) {}

    record NewThing(Plan plan) {}

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(WebEdge.class)
    static class Service {

        @Bean
        Routes routes() {
            return Routes.of().get("/things/*", Scopes.INSIGHTS_READ).post("/things", Scopes.INVENTORY_WRITE);
        }

        @Bean
        Things things() {
            return new Things();
        }
    }

    @RestController
    static class Things {

        @GetMapping("/things/{id}")
        Thing thing(@PathVariable String id, @RequestParam(defaultValue = "false") boolean fail) {
            if (fail) {
                throw new IllegalStateException("secret");
            }
            return new Thing(Plan.PRO, String.valueOf(Caller.current().account()));
        }

        @PostMapping("/things")
        NewThing create(@RequestBody NewThing thing) {
            if (thing.plan() == Plan.FREE) {
                throw ProblemException.invalid("plan", "not for sale");
            }
            return thing;
        }
    }
}
