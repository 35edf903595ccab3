package outrider.insights.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import outrider.insights.TestApi;
import outrider.insights.TestInsights;
import outrider.scan.ReportOutcome;
import tools.jackson.databind.JsonNode;

/// A report that closes more than 20 insights and more than half of what its scope has open.
class WithheldTest {

    private final TestScope scope = new TestScope();

    static List<BiFunction<TestScope, TestReport, ReportOutcome>> paths() {
        return List.of(TestScope::apply, TestScope::applyLarge);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void implausibly_many_closes_wait_for_a_second_scan_and_the_rest_applies(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, scope.scan().fail("lab.alpha", "a", details(0, 40)));

        var doubted = apply.apply(scope, scope.scan().fail("lab.alpha", "a", "new", "detail 0"));

        assertThat(doubted.counts()).isEqualTo(new ReportOutcome.Counts(1, 0, 0, 0, 1));
        assertThat(open()).isEqualTo(41);
        assertThat(scope.lastSeen("detail 7")).isEqualTo(1);

        var agreed = apply.apply(scope, scope.scan().fail("lab.alpha", "a", "new", "detail 0"));

        assertThat(agreed.counts()).isEqualTo(new ReportOutcome.Counts(0, 0, 0, 39, 2));
        assertThat(open()).isEqualTo(2);
        assertThat(scope.history("detail 7")).containsExactly("3 resolved fixed");
    }

    @ParameterizedTest
    @MethodSource("paths")
    void a_second_scan_soon_after_the_first_is_no_second_opinion(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, scope.scan().fail("lab.alpha", "a", details(0, 40)));
        var first = TestScope.time(2);

        apply.apply(scope, scope.scan().at(first).pass("lab.alpha", "a"));
        apply.apply(scope, scope.scan().at(first.plusSeconds(30)).pass("lab.alpha", "a"));
        assertThat(open()).isEqualTo(40);
        apply.apply(scope, scope.scan().at(first.plusSeconds(60)).pass("lab.alpha", "a"));

        assertThat(open()).isZero();
    }

    @ParameterizedTest
    @MethodSource("paths")
    void what_was_withheld_leaves_no_row_behind(BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, scope.scan().fail("lab.alpha", "a", details(0, 100)));
        apply.apply(scope, scope.scan().fail("lab.alpha", "a", details(60, 100)));
        assertThat(rows()).isEqualTo(60);

        apply.apply(scope, scope.scan().fail("lab.alpha", "a", details(0, 30)));
        assertThat(rows()).isEqualTo(40);
        apply.apply(scope, scope.scan().fail("lab.alpha", "a", details(0, 30)));

        assertThat(rows()).isZero();
        assertThat(open()).isEqualTo(30);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void a_second_scan_that_sees_them_again_closes_nothing(BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, scope.scan().fail("lab.alpha", "a", details(0, 40)));
        apply.apply(scope, scope.scan().pass("lab.alpha", "a"));

        var back = apply.apply(scope, scope.scan().fail("lab.alpha", "a", details(0, 40)));

        assertThat(back.counts()).isEqualTo(new ReportOutcome.Counts(0, 0, 0, 0, 40));
        assertThat(open()).isEqualTo(40);
        assertThat(scope.lastSeen("detail 7")).isEqualTo(3);
        assertThat(scope.history("detail 7")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("paths")
    void only_what_both_scans_miss_is_closed(BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, scope.scan().fail("lab.alpha", "a", details(0, 100)));
        apply.apply(scope, scope.scan().fail("lab.alpha", "a", details(60, 100)));

        var other = apply.apply(scope, scope.scan().fail("lab.alpha", "a", details(0, 30)));

        // 30 to 59 were missed twice, 60 to 99 for the first time.
        assertThat(other.counts().resolved()).isEqualTo(30);
        assertThat(scope.states()).containsEntry("detail 45", "resolved fixed").containsEntry("detail 75", "open");
    }

    @Test
    void what_is_plausible_is_closed_at_once() {
        scope.apply(scope.scan().fail("lab.alpha", "a", details(0, 60)));

        assertThat(scope.apply(scope.scan().fail("lab.alpha", "a", details(0, 30)))
                        .counts()
                        .resolved())
                .isEqualTo(30);
        assertThat(scope.apply(scope.scan().fail("lab.alpha", "a", details(0, 10)))
                        .counts()
                        .resolved())
                .isEqualTo(20);
    }

    @Test
    void an_operator_accepts_them() {
        scope.apply(scope.scan().fail("lab.alpha", "a", details(0, 40)));
        scope.apply(scope.scan().pass("lab.alpha", "a"));
        var entry = listed();
        assertThat(entry.at("/withheld").asInt()).isEqualTo(40);
        assertThat(entry.at("/live").asInt()).isEqualTo(40);
        var order = "{\"account_id\":\"%s\",\"asset_id\":\"%s\",\"checker\":\"lab\",\"scan_id\":%s}"
                .formatted(scope.accountId, scope.assetId, entry.at("/scan_id"));

        var answer = accept(order);

        assertThat(answer.body().at("/closed").asInt()).isEqualTo(40);
        assertThat(open()).isZero();
        assertThat(scope.history("detail 7")).containsExactly("2 resolved fixed");
        assertThat(accept(order).status()).isEqualTo(409);
        assertThat(TestApi.get(
                                "/admin/audit?action=withheld.accept&target=scope/%s/%s/lab"
                                        .formatted(scope.accountId, scope.assetId),
                                TestApi.token(null))
                        .body()
                        .at("/items"))
                .hasSize(1);
    }

    @Test
    void coverage_tells_how_many_closes_wait() {
        scope.apply(scope.scan().fail("lab.alpha", "a", details(0, 40)).pass("lab.beta", "b"));
        scope.apply(scope.scan().pass("lab.alpha", "a").pass("lab.beta", "b"));

        var coverage = TestApi.get("/v1/coverage?account_id=" + scope.accountId, TestApi.token(null))
                .body();

        assertThat(coverage.at("/items/0/withheld").asInt()).isEqualTo(40);
        assertThat(coverage.at("/items/1/withheld").asInt()).isZero();
    }

    @Test
    void an_operator_accepts_very_many_in_steps() {
        var many = 2 * WithheldRepository.STEP + 500;
        scope.applyLarge(scope.scan().fail("lab.alpha", "a", details(0, many)));
        var scan = scope.scan().pass("lab.alpha", "a");
        scope.applyLarge(scan);
        var order = "{\"account_id\":\"%s\",\"asset_id\":\"%s\",\"checker\":\"lab\",\"scan_id\":\"%s\"}"
                .formatted(scope.accountId, scope.assetId, scan.header().scanId());

        assertThat(accept(order).body().at("/closed").asInt()).isEqualTo(many);

        assertThat(open()).isZero();
        assertThat(rows()).isZero();
    }

    /// The entry of the scope in the list of all, whatever other tests have left there.
    private JsonNode listed() {
        var path = "/admin/ingest/withheld?limit=100";
        for (var next = path; ; ) {
            var page = TestApi.get(next, TestApi.token(null)).body();
            var found = page.at("/items")
                    .valueStream()
                    .filter(item -> item.at("/account_id").asString().equals(scope.accountId.toString()))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            assertThat(page.has("next_page_token"))
                    .as(
                            "%s of %s",
                            TestInsights.JDBC
                                    .sql("select to_jsonb(s) from insights.scope s where account_id = ?")
                                    .param(scope.accountId)
                                    .query(String.class)
                                    .list(),
                            page)
                    .isTrue();
            next = path + "&page_token=" + page.at("/next_page_token").asString();
        }
    }

    private int rows() {
        return TestInsights.JDBC
                .sql("select count(*) from insights.withheld where account_id = ?")
                .param(scope.accountId)
                .query(Integer.class)
                .single();
    }

    private static TestApi.Answer accept(String order) {
        return TestApi.send(TestApi.request("/admin/ingest/withheld:accept", TestApi.token(null))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(order.getBytes(UTF_8))));
    }

    private int open() {
        return Collections.frequency(scope.states().values(), "open");
    }

    private static String[] details(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "detail " + i).toArray(String[]::new);
    }
}
