package outrider.insights.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import outrider.insights.TestApi;
import outrider.insights.TestInsights;
import outrider.insights.inventory.InventoryDoor;
import outrider.scan.AssetKind;
import outrider.scan.InventoryRecord;
import outrider.scan.Part;
import outrider.scan.ReportOutcome;
import outrider.scan.ReportOutcome.Counts;
import outrider.scan.ReportOutcome.Kind;

/// Reports on parts of a scope.
class PartTest {

    private static final long MIDDLE = Part.PLACES / 2;
    private static final Part LOW = Part.range(1, 0, MIDDLE);
    private static final Part HIGH = Part.range(1, MIDDLE, Part.PLACES);
    private static final List<String> NAMES = Stream.iterate(0, i -> i + 1)
            .limit(20)
            .map("n%d.example"::formatted)
            .toList();
    private static final String[] LOWS = in(LOW);
    private static final String[] HIGHS = in(HIGH);

    private final TestScope scope = new TestScope();

    static List<BiFunction<TestScope, TestReport, ReportOutcome>> ways() {
        return List.of(TestScope::apply, TestScope::applyLarge);
    }

    @Test
    void java_and_sql_agree_on_where_a_subject_lies() {
        var subjects = List.of("", "a.example", "https://\u00e4.example:8443", "\ud83d\ude00.example");

        for (var subject : subjects) {
            assertThat(TestInsights.JDBC
                            .sql("select insights.place(?)")
                            .param(subject)
                            .query(Long.class)
                            .single())
                    .isEqualTo(Part.place(subject));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void outside_of_a_part_nothing_changes(BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, failed(scope.scan(), NAMES.toArray(String[]::new)));

        var outcome = apply.apply(scope, passed(scope.scan().part(LOW), LOWS));

        assertThat(outcome.counts()).isEqualTo(new Counts(0, 0, 0, LOWS.length, 0));
        assertThat(states(LOWS)).containsOnly("resolved fixed");
        assertThat(states(HIGHS)).containsOnly("open");
        assertThat(lastSequence()).isOne();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void the_scope_is_scanned_when_all_parts_of_a_scan_are_in(BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        var scan = UUID.randomUUID();
        apply.apply(scope, failed(scope.scan(5).scanId(scan).part(HIGH), HIGHS).error("lab.beta", HIGHS[0]));
        assertThat(lastSequence()).isZero();
        assertThat(coverage()).isEmpty();

        apply.apply(scope, passed(scope.scan(5).scanId(scan).part(LOW), LOWS));

        assertThat(lastSequence()).isEqualTo(5);
        assertThat(coverage())
                .containsEntry("lab.alpha", "%d pass, %d fail".formatted(LOWS.length, HIGHS.length))
                .containsEntry("lab.beta", "1 error, %s: timed out".formatted(HIGHS[0]));
        assertThat(number("select unchanged + opened from insights.scope where account_id = ?"))
                .isEqualTo(HIGHS.length);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_part_that_comes_twice_is_answered_as_before(BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        var part = failed(scope.scan().part(LOW), LOWS);
        apply.apply(scope, part);

        var again = apply.apply(scope, part);

        assertThat(again.kind()).isEqualTo(Kind.REPLAYED);
        assertThat(again.counts()).isEqualTo(new Counts(LOWS.length, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void an_older_part_is_superseded_by_what_looked_there_since_and_by_nothing_else(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, failed(scope.scan(7).part(LOW), LOWS));

        assertThat(apply.apply(scope, passed(scope.scan(6).part(LOW), LOWS)).kind())
                .isEqualTo(Kind.SUPERSEDED);
        assertThat(apply.apply(scope, passed(scope.scan(6).part(Part.range(1, MIDDLE - 1, Part.PLACES)), HIGHS))
                        .kind())
                .isEqualTo(Kind.SUPERSEDED);
        assertThat(apply.apply(scope, passed(scope.scan(6).part(HIGH), HIGHS)).kind())
                .isEqualTo(Kind.UNCHANGED);
        assertThat(apply.apply(scope, passed(scope.scan(6), NAMES.toArray(String[]::new)))
                        .kind())
                .isEqualTo(Kind.SUPERSEDED);
        assertThat(apply.apply(scope, failed(scope.scan(8), NAMES.toArray(String[]::new)))
                        .kind())
                .isEqualTo(Kind.APPLIED);
        assertThat(apply.apply(scope, passed(scope.scan(7).part(HIGH), HIGHS)).kind())
                .isEqualTo(Kind.SUPERSEDED);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_part_of_an_older_generation_of_records_is_superseded(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, failed(scope.scan().part(Part.range(2, 0, MIDDLE)), LOWS));

        var late = apply.apply(scope, passed(scope.scan().part(Part.range(1, 0, MIDDLE)), LOWS));

        assertThat(late.kind()).isEqualTo(Kind.SUPERSEDED);
        assertThat(states(LOWS)).containsOnly("open");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_part_that_comes_after_its_asset_was_renamed_is_superseded(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        var inventory = new InventoryDoor(TestInsights.SOURCE);
        inventory.take(asset(1, "a.example"));
        apply.apply(scope, failed(scope.scan(5).revision(1).part(LOW), LOWS));

        inventory.take(asset(2, "b.example"));
        inventory.follow(scope.accountId);

        assertThat(apply.apply(scope, failed(scope.scan(5).revision(1).part(HIGH), HIGHS))
                        .kind())
                .isEqualTo(Kind.SUPERSEDED);
        assertThat(states(LOWS)).containsOnly("resolved removed");
        assertThat(apply.apply(scope, failed(scope.scan(6).revision(2).part(LOW), LOWS))
                        .counts()
                        .reopened())
                .isEqualTo(LOWS.length);
    }

    private InventoryRecord.Asset asset(long revision, String name) {
        return new InventoryRecord.Asset(
                scope.assetId, scope.accountId, AssetKind.ZONE, name, List.of(), false, revision);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_name_that_is_no_more_in_its_range_is_closed_as_removed_and_one_that_could_not_be_told_is_not(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, failed(scope.scan().part(LOW), LOWS));

        apply.apply(scope, failed(scope.scan().part(LOW), LOWS[0]).error("lab.alpha", LOWS[1]));

        assertThat(states(LOWS[0], LOWS[1])).containsOnly("open");
        assertThat(states(LOWS[2])).containsOnly("resolved removed");
        assertThat(scope.history("on " + LOWS[2])).containsExactly("2 resolved removed");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void named_subjects_alone_are_judged_and_those_not_mentioned_stay(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, failed(scope.scan(), NAMES.toArray(String[]::new)));

        var outcome = apply.apply(scope, passed(scope.scan().part(Part.of(List.of(LOWS[0], HIGHS[0]))), LOWS[0]));

        assertThat(outcome.counts().resolved()).isOne();
        assertThat(states(LOWS[0])).containsOnly("resolved fixed");
        assertThat(states(HIGHS)).containsOnly("open");
        assertThat(states(LOWS[1])).containsOnly("open");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_part_that_says_what_it_said_is_known_by_its_digest_until_something_else_looked_there(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, failed(scope.scan().part(LOW), LOWS));
        assertThat(digests()).isOne();
        assertThat(apply.apply(scope, failed(scope.scan().part(LOW), LOWS)).counts())
                .isEqualTo(new Counts(0, 0, 0, 0, LOWS.length));

        apply.apply(scope, passed(scope.scan().part(Part.of(List.of(LOWS[0]))), LOWS[0]));

        assertThat(apply.apply(scope, failed(scope.scan().part(LOW), LOWS)).counts())
                .isEqualTo(new Counts(0, 0, 1, 0, LOWS.length - 1));
        apply.apply(scope, passed(scope.scan(), NAMES.toArray(String[]::new)));
        assertThat(apply.apply(scope, failed(scope.scan().part(LOW), LOWS))
                        .counts()
                        .reopened())
                .isEqualTo(LOWS.length);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_look_at_some_subjects_between_two_parts_of_a_scan_does_not_undo_the_first(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        var scan = UUID.randomUUID();
        apply.apply(scope, failed(scope.scan(5).scanId(scan).part(LOW), LOWS));
        apply.apply(scope, passed(scope.scan(6).part(Part.of(List.of(LOWS[0]))), LOWS[0]));
        apply.apply(scope, failed(scope.scan(5).scanId(scan).part(HIGH), HIGHS));

        assertThat(lastSequence()).isEqualTo(5);
        assertThat(apply.apply(scope, failed(scope.scan(5).part(LOW), LOWS)).kind())
                .isEqualTo(Kind.SUPERSEDED);
        assertThat(states(LOWS[0])).containsOnly("resolved fixed");
        assertThat(apply.apply(scope, failed(scope.scan(7).part(LOW), LOWS))
                        .counts()
                        .reopened())
                .isOne();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void another_division_into_parts_leaves_no_part_without_its_fence(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, failed(scope.scan(7).part(LOW), LOWS));
        var others = Part.range(1, MIDDLE / 2, Part.PLACES);
        apply.apply(scope, passed(scope.scan(8).part(others), in(others)));

        var lowest = Part.range(1, 0, MIDDLE / 2);
        assertThat(apply.apply(scope, passed(scope.scan(6).part(lowest), in(lowest)))
                        .kind())
                .isEqualTo(Kind.SUPERSEDED);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void an_insight_that_could_not_be_looked_at_was_last_seen_before(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        apply.apply(scope, failed(scope.scan(), NAMES.toArray(String[]::new)));
        var scan = UUID.randomUUID();

        apply.apply(scope, failed(scope.scan(2).scanId(scan).part(HIGH), HIGHS));
        apply.apply(scope, error(scope.scan(2).scanId(scan).part(LOW), LOWS));

        assertThat(scope.lastSeen("on " + HIGHS[0])).isEqualTo(2);
        assertThat(scope.lastSeen("on " + LOWS[0])).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void implausibly_many_closes_of_a_part_wait_and_those_of_names_that_are_gone_do_not(
            BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        var details =
                Stream.iterate(0, i -> i + 1).limit(40).map(String::valueOf).toArray(String[]::new);
        apply.apply(
                scope,
                scope.scan().part(LOW).fail("lab.alpha", LOWS[0], details).fail("lab.alpha", LOWS[1], details));
        apply.apply(scope, scope.scan().part(HIGH).fail("lab.alpha", HIGHS[0], details));

        apply.apply(scope, scope.scan().part(LOW).pass("lab.alpha", LOWS[0]));

        assertThat(states(LOWS[0])).containsOnly("open");
        assertThat(states(LOWS[1])).containsOnly("resolved removed");
        apply.apply(scope, scope.scan().part(HIGH).pass("lab.alpha", HIGHS[0]));
        assertThat(number("select count(*) from insights.withheld where account_id = ?"))
                .isEqualTo(80);
        // No scan of the whole has come to its end: there is nothing that an operator could accept.
        assertThat(number("select withheld from insights.scope where account_id = ?"))
                .isZero();
        var listed = TestApi.get("/admin/ingest/withheld?limit=100", TestApi.token(null));
        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.body().toString()).doesNotContain(scope.accountId.toString());
        apply.apply(scope, scope.scan().part(LOW).pass("lab.alpha", LOWS[0]));
        assertThat(states(LOWS[0])).containsOnly("resolved fixed");
        assertThat(states(HIGHS[0])).containsOnly("open");
        assertThat(number("select count(*) from insights.withheld where account_id = ?"))
                .isEqualTo(40);
    }

    @Test
    void what_is_known_is_asked_of_a_part_alone() {
        scope.apply(failed(scope.scan(), NAMES.toArray(String[]::new)));
        scope.apply(failed(scope.scan().part(LOW), LOWS));

        for (var report : List.of(
                failed(scope.scan().part(LOW), LOWS), // by digest
                failed(scope.scan().part(HIGH), HIGHS))) {
            var answer = TestApi.send(TestApi.request("/v1/reports:compare", TestApi.token(null))
                    .header("Content-Type", "application/x-ndjson")
                    .POST(BodyPublishers.ofString(report.question())));
            assertThat(new String(answer.response().body(), UTF_8)).contains("\"needed\":0");
        }
    }

    @Test
    void a_result_outside_of_its_part_refuses_the_report() {
        var report = passed(scope.scan().part(LOW), HIGHS[0]);

        var answer = TestApi.report(report.ndjson().getBytes(UTF_8), TestApi.token(null));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(new String(answer.response().body(), UTF_8)).contains("line 2, subject", "lies outside of the part");
    }

    private static String[] in(Part part) {
        return NAMES.stream().filter(part::contains).toArray(String[]::new);
    }

    private static TestReport failed(TestReport report, String... subjects) {
        for (var subject : subjects) {
            report.fail("lab.alpha", subject, "on " + subject);
        }
        return report;
    }

    private static TestReport passed(TestReport report, String... subjects) {
        for (var subject : subjects) {
            report.pass("lab.alpha", subject);
        }
        return report;
    }

    private static TestReport error(TestReport report, String... subjects) {
        for (var subject : subjects) {
            report.error("lab.alpha", subject);
        }
        return report;
    }

    private List<String> states(String... subjects) {
        return TestInsights.JDBC
                .sql(
                        "select concat_ws(' ', state, resolution) from insights.insight where account_id = ? and subject = any (?)")
                .params(scope.accountId, subjects)
                .query(String.class)
                .list();
    }

    private long lastSequence() {
        return number("select last_seq from insights.scope where account_id = ?");
    }

    private long digests() {
        return number("select count(digest) from insights.part where account_id = ?");
    }

    private long number(String sql) {
        return TestInsights.JDBC
                .sql(sql)
                .param(scope.accountId)
                .query(Long.class)
                .single();
    }

    private TreeMap<String, String> coverage() {
        var coverage = new TreeMap<String, String>();
        TestInsights.JDBC.sql("""
                select c.key as check_id
                     , concat_ws(', ', c.value ->> 'pass' || ' pass', c.value ->> 'fail' || ' fail', c.value ->> 'error' || ' error'
                                , c.value ->> 'why') as results
                  from insights.scope cross join jsonb_each(coverage) c
                 where account_id = ?
                """).param(scope.accountId).query(row -> {
            coverage.put(row.getString("check_id"), row.getString("results"));
        });
        return coverage;
    }
}
