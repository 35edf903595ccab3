package outrider.insights.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.insights.TestApi;
import outrider.insights.TestApi.Answer;
import outrider.insights.TestInsights;
import outrider.insights.ingest.TestReport;
import outrider.web.Scopes;
import tools.jackson.databind.JsonNode;

/// The read side over HTTP, on what reports have written.
class InsightEndpointsTest {

    private final UUID account = UUID.randomUUID();
    private final UUID asset = UUID.randomUUID();
    private final String token = TestApi.token(account);

    @BeforeEach
    void report_two_scans() {
        report(first());
        report(new TestReport(account, asset, 2)
                .pass("lab.alpha", "https://b.example")
                .fail("lab.alpha", "https://a.example:8443", "")
                .error("lab.beta", "https://a.example:8443"));
    }

    private TestReport first() {
        return new TestReport(account, asset, 1)
                .severity(Severity.HIGH)
                .fail("lab.alpha", "https://b.example", "")
                .severity(Severity.LOW)
                .fail("lab.alpha", "https://a.example:8443", "")
                .severity(Severity.CRITICAL)
                .fail("lab.beta", "https://a.example:8443", "x 100%", "y");
    }

    @Test
    void lists_the_worst_first() {
        var answer = list("");

        assertThat(severities(answer)).containsExactly("CRITICAL", "CRITICAL", "MEDIUM");
        assertThat(answer.body().at("/total").asInt()).isEqualTo(3);
        assertThat(answer.body().at("/total_capped").asBoolean()).isFalse();
        assertThat(answer.body().has("next_page_token")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "state=resolved, 1",
        "'state=open,resolved', 4",
        "state~neq=open, 1",
        "state=suspected, 0",
        "severity=critical&severity=MEDIUM, 3",
        "severity~neq=CRITICAL, 1",
        "check=lab.beta, 2",
        "check~neq=lab.beta, 1",
        "q=A.EXAMPLE, 3",
        "q=b.example&state=resolved, 1",
        "q~neq=lab.beta, 1",
        "q=%25, 0",
        "asset_id=$asset, 3",
        "asset_id~neq=$asset, 0",
        "account_id=$account, 3",
        "account_id=$asset, 0"
    })
    void filters_and_excludes(String filter, int expected) {
        var answer = list(filter.replace("$asset", asset.toString()).replace("$account", account.toString()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().at("/items").size()).isEqualTo(expected);
        assertThat(answer.body().at("/total").asInt()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "severity=BAD, severity: must be one of INFO",
        "state=closed, 'state: must be one of suspected, open, resolved'",
        "asset_id~neq=7, asset_id~neq: must be an id",
        "check=nope, check: must be a check id",
        "severty=LOW, severty: is no parameter here",
        "limit=501, limit: must be 1 to 500",
        "page_token=zzz, page_token: not a token of this list"
    })
    void names_the_parameter_that_is_wrong(String query, String complaint) {
        var answer = list(query);

        assertThat(answer.status()).isBetween(400, 422);
        assertThat(answer.body().at("/detail").asString()).startsWith(complaint);
    }

    @Test
    void pages_do_not_move_when_insights_are_added() {
        var all = ids(list("state=open,resolved"));
        var first = list("state=open,resolved&limit=2");

        report(new TestReport(account, UUID.randomUUID(), 1)
                .severity(Severity.CRITICAL)
                .fail("lab.alpha", "c", "1", "2"));
        var second = list("state=open,resolved&limit=2&page_token="
                + first.body().at("/next_page_token").asString());

        var seen = new ArrayList<>(ids(first));
        seen.addAll(ids(second));
        assertThat(seen).isEqualTo(all);
        assertThat(second.body().has("next_page_token")).isFalse();
    }

    @Test
    void shows_an_insight_with_all_one_needs_to_act() {
        var insight = TestApi.get("/v1/insights/" + id("MEDIUM"), token).body();

        assertThat(insight.at("/subject").asString()).isEqualTo("https://a.example:8443");
        assertThat(insight.at("/evidence/seen").asString()).isEqualTo("1");
        assertThat(insight.at("/question").asString()).isEqualTo("Is alpha as it should be?");
        assertThat(insight.at("/remediation").asString()).isEqualTo("Mend alpha.");
        assertThat(insight.at("/reproduce").asString())
                .isEqualTo("probe alpha https://a.example:8443 --host a.example --port 8443");
        assertThat(insight.at("/last_seen").asString()).isEqualTo("2026-06-01T12:02:00Z");
    }

    @Test
    void an_insight_that_could_not_be_looked_at_was_last_seen_before() {
        var insight = TestApi.get("/v1/insights/" + id("CRITICAL"), token).body();

        assertThat(insight.at("/state").asString()).isEqualTo("open");
        assertThat(insight.at("/last_seen").asString()).isEqualTo("2026-06-01T12:01:00Z");
    }

    @Test
    void a_tentative_insight_is_suspected_until_a_second_scan_agrees_and_says_how_sure_it_is() {
        var other = UUID.randomUUID();
        report(new TestReport(account, other, 1)
                .confidence(Confidence.TENTATIVE)
                .fail("lab.alpha", "c", ""));
        var first = list("asset_id=" + other).body().at("/items/0");

        report(new TestReport(account, other, 2)
                .confidence(Confidence.TENTATIVE)
                .fail("lab.alpha", "c", ""));
        var second = list("asset_id=" + other).body().at("/items/0");

        assertThat(first.at("/state").asString()).isEqualTo("suspected");
        assertThat(second.at("/state").asString()).isEqualTo("open");
        assertThat(List.of(first, second))
                .extracting(insight -> insight.at("/confidence").asString())
                .containsExactly("TENTATIVE", "TENTATIVE");
        assertThat(list("severity=MEDIUM&asset_id=" + asset)
                        .body()
                        .at("/items/0/confidence")
                        .asString())
                .isEqualTo("FIRM");
    }

    @Test
    void tells_what_happened_to_an_insight_page_by_page() {
        var path = "/v1/insights/" + id("MEDIUM") + "/history?limit=1";
        report(new TestReport(account, asset, 3).pass("lab.alpha", "https://a.example:8443"));

        var first = TestApi.get(path, token).body();
        var second = TestApi.get(
                        path + "&page_token=" + first.at("/next_page_token").asString(), token)
                .body();

        assertThat(texts(first, "/kind")).containsExactly("opened", "changed");
        assertThat(first.at("/items/1/was/severity").asString()).isEqualTo("LOW");
        assertThat(texts(second, "/kind")).containsExactly("resolved");
        assertThat(second.at("/items/0/reason").asString()).isEqualTo("fixed");
        assertThat(second.has("next_page_token")).isFalse();
    }

    @Test
    void shows_coverage_by_asset_and_check() {
        var alpha = TestApi.get("/v1/coverage?limit=1&asset_id=" + asset, token).body();
        var beta = TestApi.get(
                        "/v1/coverage?asset_id=" + asset + "&page_token="
                                + alpha.at("/next_page_token").asString(),
                        token)
                .body();

        assertThat(alpha.at("/items/0/check").asString()).isEqualTo("lab.alpha");
        assertThat(alpha.at("/items/0/state").asString()).isEqualTo("FAIL");
        assertThat(alpha.at("/items/0/results/pass").asInt()).isOne();
        assertThat(alpha.at("/items/0/last_completed").asString()).isEqualTo("2026-06-01T12:02:00Z");
        assertThat(beta.at("/items").size()).isOne();
        assertThat(beta.at("/items/0/state").asString()).isEqualTo("ERROR");
        assertThat(beta.at("/items/0/last_attempt").asString()).isEqualTo("2026-06-01T12:02:00Z");
        assertThat(beta.at("/items/0/last_completed").asString()).isEqualTo("2026-06-01T12:01:00Z");
        assertThat(beta.at("/items/0/why").asString()).isEqualTo("https://a.example:8443: timed out");
    }

    @Test
    void sums_up() {
        var summary = TestApi.get("/v1/summary", token).body();

        assertThat(summary.at("/by_state/open").asInt()).isEqualTo(3);
        assertThat(summary.at("/by_state/resolved").asInt()).isOne();
        assertThat(summary.at("/by_severity/CRITICAL").asInt()).isEqualTo(2);
        assertThat(summary.at("/by_severity/HIGH").asInt()).isZero();
        assertThat(summary.at("/by_check/lab.beta").asInt()).isEqualTo(2);
        assertThat(TestApi.get("/v1/summary?limit=3", token).status()).isEqualTo(422);
    }

    @Test
    void another_accounts_token_sees_nothing() {
        var stranger = TestApi.token(UUID.randomUUID());
        var insight = "/v1/insights/" + id("MEDIUM");

        assertThat(TestApi.get("/v1/insights?account_id=" + account, stranger)
                        .body()
                        .at("/total")
                        .asInt())
                .isZero();
        assertThat(TestApi.get(insight, stranger).status()).isEqualTo(404);
        assertThat(TestApi.get(insight + "/history", stranger).status()).isEqualTo(404);
        assertThat(TestApi.get("/v1/coverage?account_id=" + account, stranger)
                        .body()
                        .at("/items")
                        .size())
                .isZero();
        assertThat(TestApi.get("/v1/coverage?asset_id=" + asset, stranger)
                        .body()
                        .at("/items")
                        .size())
                .isZero();
        assertThat(TestApi.get("/v1/summary?account_id=" + account, stranger)
                        .body()
                        .at("/by_state/open")
                        .asInt())
                .isZero();
    }

    @Test
    void needs_the_scope_to_read() {
        var writer = TestApi.token(Set.of(Scopes.REPORTS_WRITE), null);

        for (var path : List.of("/v1/insights", "/v1/insights/" + asset, "/v1/coverage", "/v1/summary")) {
            assertThat(TestApi.get(path, writer).status()).isEqualTo(403);
        }
        assertThat(TestApi.get("/v1/insights/" + asset, token).status()).isEqualTo(404);
        assertThat(TestApi.get("/v1/insights/7", token).status()).isEqualTo(400);
    }

    @Test
    void a_deleted_account_is_hidden_at_once() {
        var insight = "/v1/insights/" + id("MEDIUM");
        TestInsights.JDBC
                .sql("insert into insights.account (id, name, plan, deleted) values (?, '', 'FREE', true)")
                .param(account)
                .update();

        assertThat(list("").body().at("/total").asInt()).isZero();
        assertThat(TestApi.get(insight, TestApi.token(null)).status()).isEqualTo(404);
        assertThat(TestApi.get("/v1/coverage", token).body().at("/items").size())
                .isZero();
    }

    private Answer list(String query) {
        return TestApi.get("/v1/insights?" + query, token);
    }

    private String id(String severity) {
        return list("severity=" + severity).body().at("/items/0/id").asString();
    }

    private static void report(TestReport report) {
        var answer = TestApi.report(report.ndjson().getBytes(UTF_8), TestApi.token(null));
        assertThat(answer.status()).isEqualTo(200);
    }

    private static List<String> ids(Answer answer) {
        return texts(answer.body(), "/id");
    }

    private static List<String> severities(Answer answer) {
        return texts(answer.body(), "/severity");
    }

    private static List<String> texts(JsonNode page, String field) {
        return page.at("/items")
                .valueStream()
                .map(item -> item.at(field).asString())
                .toList();
    }
}
