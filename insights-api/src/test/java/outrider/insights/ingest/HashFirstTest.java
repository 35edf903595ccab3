package outrider.insights.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import outrider.insights.TestApi;
import outrider.insights.TestInsights;
import outrider.scan.CompareLine;
import outrider.scan.ReportOutcome;
import outrider.scan.ReportOutcome.Counts;
import outrider.scan.ReportOutcome.Kind;
import outrider.scan.Wire;

/// Asking first which bodies are needed, then leaving out those that are not.
class HashFirstTest {

    private final TestScope scope = new TestScope();

    static List<BiFunction<TestScope, TestReport, ReportOutcome>> paths() {
        return List.of(TestScope::apply, TestScope::applyLarge);
    }

    @Test
    void asks_for_what_is_new_changed_or_not_open() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "same", "changes", "resolved"));
        scope.apply(scope.scan().fail("lab.alpha", "a", "same", "changes"));
        var report = scope.scan()
                .fail("lab.alpha", "a", "same", "resolved", "new")
                .evidence("2")
                .fail("lab.beta", "a", "changes");

        assertThat(needed(report)).isEqualTo(keys(report, "resolved", "new", "changes"));
    }

    @Test
    void asks_for_nothing_when_all_is_as_it_was() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1", "2"));

        assertThat(needed(scope.scan().fail("lab.alpha", "a", "1", "2"))).isEmpty();
    }

    @Test
    void asks_for_all_of_a_scope_that_is_not_there() {
        var report = scope.scan().fail("lab.alpha", "a", "1", "2");

        assertThat(needed(report)).isEqualTo(keys(report, "1", "2"));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void a_report_without_the_bodies_that_are_known_does_what_the_full_one_does(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1", "2", "3"));
        // The check is completed elsewhere, and so the insights were last seen before that.
        scope.apply(scope.scan().error("lab.alpha", "a").pass("lab.alpha", "b"));

        var outcome = apply.apply(
                scope, scope.scan().fail("lab.alpha", "a", "1", "2", "4").withoutBodies("1", "2"));

        assertThat(outcome.counts()).isEqualTo(new Counts(1, 0, 0, 1, 2));
        assertThat(scope.states())
                .containsEntry("1", "open")
                .containsEntry("3", "resolved fixed")
                .containsEntry("4", "open");
        assertThat(scope.lastSeen("1")).isEqualTo(3);
        assertThat(TestInsights.JDBC
                        .sql(
                                "select count(*) from insights.insight where account_id = ? and title like 'lab.alpha on%'")
                        .param(scope.accountId)
                        .query(Long.class)
                        .single())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void nothing_is_written_when_the_world_has_moved(BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1", "2"));
        scope.apply(scope.scan().fail("lab.alpha", "a", "2"));

        var outcome =
                apply.apply(scope, scope.scan().fail("lab.alpha", "a", "1", "3").withoutBodies("1"));

        assertThat(outcome.kind()).isEqualTo(Kind.REJECTED);
        assertThat(outcome.why()).isEqualTo("bodies_required");
        assertThat(scope.states())
                .hasSize(2)
                .containsEntry("1", "resolved fixed")
                .containsEntry("2", "open");
        assertThat(apply.apply(scope, scope.scan(3).fail("lab.alpha", "a", "1", "3"))
                        .counts())
                .isEqualTo(new Counts(1, 0, 1, 1, 0));
    }

    @Test
    void a_question_that_is_cut_off_or_says_a_key_twice_is_refused() {
        var question = scope.scan().fail("lab.alpha", "a", "1", "2").question();
        var lines = question.lines().toList();

        assertThat(ask(question.substring(0, question.indexOf("{\"type\":\"end\"")))
                        .body()
                        .at("/detail")
                        .asString())
                .contains("has no end line");
        assertThat(ask(String.join("\n", lines.get(0), lines.get(1), lines.get(1)))
                        .body()
                        .at("/detail")
                        .asString())
                .isEqualTo("line 3, key: was there before");
        assertThat(ask(String.join("\n", lines.get(0), lines.get(1), lines.get(3)))
                        .body()
                        .at("/detail")
                        .asString())
                .isEqualTo("line 3, insights: counts 2, but there were 1");
    }

    private static Set<UUID> keys(TestReport report, String... details) {
        return report.build().insights().stream()
                .filter(row -> Set.of(details).contains(row.insight().detail()))
                .map(Report.Row::key)
                .collect(Collectors.toSet());
    }

    private static Set<UUID> needed(TestReport report) {
        var lines = new String(ask(report.question()).response().body(), UTF_8)
                .lines()
                .map(line -> Wire.read(line.getBytes(UTF_8), CompareLine.class))
                .toList();
        var needed = lines.stream()
                .filter(CompareLine.Needed.class::isInstance)
                .map(line -> ((CompareLine.Needed) line).key())
                .collect(Collectors.toSet());
        assertThat(lines.getLast()).isEqualTo(new CompareLine.End(needed.size()));
        return needed;
    }

    private static TestApi.Answer ask(String question) {
        return TestApi.send(TestApi.request("/v1/reports:compare", TestApi.token(null))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(question)));
    }
}
