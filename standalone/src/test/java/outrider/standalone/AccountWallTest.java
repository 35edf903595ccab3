package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.standalone.Service.CHECKER;
import static outrider.standalone.Service.INSIGHTS;
import static outrider.standalone.Service.SCHEDULER;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the bearer of an API key of one account sees and changes of another: nothing, on any route.
class AccountWallTest {

    private static final String SECRET_NAME = "hidden-from-the-others";

    private static Tenant theirs;
    private static Tenant ours;
    private static String token;

    @BeforeAll
    static void start() {
        theirs = Tenant.make(SECRET_NAME);
        ours = Tenant.make("ours");
        token = ours.token();
    }

    static Stream<TokensTest.Route> routes() {
        return TokensTest.routes();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void shows_nothing_of_another_account_and_changes_nothing(TokensTest.Route route) {
        var before = everything(theirs);
        var plain = with(route.path(), theirs);
        for (var path : List.of(plain, plain + "?account_id=" + theirs.account())) {
            for (var body : bodies()) {
                var answer = TestFleet.call(route.service(), route.method(), path, token, body);
                // A problem names the path that was asked for.
                var told = answer.body().replace(path.replaceAll("\\?.*", ""), "");
                assertThat(theirs.traces()).as(path + " " + body).noneMatch(told::contains);
            }
        }
        assertThat(everything(theirs)).isEqualTo(before);
    }

    private static List<String> bodies() {
        return List.of(
                "",
                "{\"account_id\":\"%s\"}".formatted(theirs.account()),
                "{\"asset_id\":\"%s\"}".formatted(theirs.asset()),
                "{\"name\":\"taken-over\"}");
    }

    @Test
    void shows_its_own_account() {
        assertThat(TestFleet.get(INSIGHTS, "/v1/insights/" + ours.insight(), token)
                        .status())
                .isEqualTo(200);
        assertThat(TestFleet.get(SCHEDULER, "/v1/assets/" + ours.asset(), token).status())
                .isEqualTo(200);
        assertThat(TestFleet.get(SCHEDULER, "/v1/scans/" + ours.scan(), token).status())
                .isEqualTo(200);
        assertThat(TestFleet.get(CHECKER, "/v1/checks", token).status()).isEqualTo(200);
        assertThat(TestFleet.get(SCHEDULER, "/v1/accounts", token).json().at("/items"))
                .hasSize(1);
        assertThat(TestFleet.get(INSIGHTS, "/v1/insights", token).json().at("/items"))
                .hasSize(1);
    }

    @Test
    void reports_for_another_account_are_refused() {
        var answer = TestFleet.call(INSIGHTS, "POST", "/v1/reports", token, "application/x-ndjson", theirs.report(2));

        assertThat(answer.body()).doesNotContain("applied");
        assertThat(TestFleet.get(INSIGHTS, "/v1/insights/" + theirs.insight() + "/history", TestFleet.operator())
                        .json()
                        .at("/items"))
                .hasSize(1);
    }

    @Test
    void a_token_outlives_the_rotation_of_its_key() {
        var operator = TestFleet.operator();
        var keys = TestFleet.get(SCHEDULER, "/admin/keys?limit=500", operator)
                .json()
                .get("items");
        var id = StreamSupport.stream(keys.spliterator(), false)
                .filter(key ->
                        key.path("account_id").asString().equals(ours.account().toString()))
                .findFirst()
                .orElseThrow()
                .get("id")
                .asString();

        var rotated =
                TestFleet.call(SCHEDULER, "POST", "/admin/keys/" + id + ":rotate", operator, "{\"overlap\":\"PT0S\"}");

        var next = TestFleet.call(
                        SCHEDULER,
                        "POST",
                        "/v1/tokens",
                        null,
                        "{\"key\":\"%s\"}"
                                .formatted(rotated.json().get("secret").asString()))
                .json()
                .get("token")
                .asString();
        for (var either : List.of(token, next)) {
            assertThat(TestFleet.get(INSIGHTS, "/v1/insights/" + ours.insight(), either)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void what_was_ordered_of_a_key_is_in_the_audit_without_its_secret() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            var audit = TestFleet.get(INSIGHTS, "/admin/audit?action=key.make&limit=500", TestFleet.operator());
            assertThat(audit.body())
                    .contains(ours.account().toString())
                    .contains("\"actor\":\"tester\"")
                    .doesNotContain("outrider_");
        });
    }

    /// What an operator sees of an account, whenever they look.
    private static String everything(Tenant tenant) {
        var operator = TestFleet.operator();
        return TestFleet.get(SCHEDULER, "/v1/accounts/" + tenant.account(), operator)
                        .body()
                + TestFleet.get(SCHEDULER, "/v1/accounts/" + tenant.account() + "/assets", operator)
                        .body()
                + TestFleet.get(INSIGHTS, "/v1/insights?account_id=" + tenant.account() + "&check=http.hsts", operator)
                        .body();
    }

    private static String with(String path, Tenant tenant) {
        var id = path.startsWith("/v1/accounts")
                ? tenant.account().toString()
                : path.startsWith("/v1/assets")
                        ? tenant.asset().toString()
                        : path.startsWith("/v1/scans") ? tenant.scan().toString() : tenant.insight();
        return path.replace("{id}", id).replace("{lane}", "fast").replace("{plan}", "pro");
    }
}
