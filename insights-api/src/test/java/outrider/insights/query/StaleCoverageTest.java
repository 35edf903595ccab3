package outrider.insights.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import outrider.insights.TestApi;
import outrider.insights.TestInsights;
import outrider.insights.ingest.TestReport;

/// Coverage grows stale when a check owes an answer for three intervals of its account's plan; here a day each.
class StaleCoverageTest {

    private static final Instant SEQUENCE_ZERO = Instant.parse("2026-06-01T12:00:00Z");

    private final UUID account = UUID.randomUUID();
    private final UUID asset = UUID.randomUUID();
    private final String token = TestApi.token(account);

    @BeforeEach
    void put_the_account_on_a_daily_plan() {
        TestApi.token(null); // starts the API, which makes the tables
        TestInsights.JDBC.sql("""
                insert into insights.plan values ('ENTERPRISE', interval '1 day')
                    on conflict (plan) do update set every = excluded.every
                """).update();
        TestInsights.JDBC
                .sql("insert into insights.account (id, name, plan) values (?, 'Example', 'ENTERPRISE')")
                .param(account)
                .update();
    }

    @Test
    void a_check_that_answered_in_time_is_not_stale() {
        report(scan(Duration.ofHours(71)).pass("lab.alpha", "a"));

        assertThat(stale()).isEmpty();
    }

    @Test
    void a_check_that_nobody_ran_for_three_intervals_is_stale() {
        report(scan(Duration.ofHours(73)).pass("lab.alpha", "a"));

        assertThat(stale()).containsExactly("lab.alpha");
    }

    @Test
    void errors_are_no_answers_and_an_answer_ends_it() {
        report(scan(Duration.ofHours(73)).fail("lab.alpha", "a", "").pass("lab.beta", "a"));
        for (var hours : new int[] {48, 24, 1}) {
            report(scan(Duration.ofHours(hours)).error("lab.alpha", "a").pass("lab.beta", "a"));
        }
        assertThat(stale()).containsExactly("lab.alpha");
        assertThat(fresh()).containsExactly("lab.beta");

        report(scan(Duration.ZERO).pass("lab.alpha", "a").pass("lab.beta", "a"));

        assertThat(stale()).isEmpty();
    }

    @Test
    void that_a_check_does_not_apply_is_an_answer() {
        report(scan(Duration.ofDays(9)).pass("lab.alpha", "a"));
        report(scan(Duration.ofHours(48)).notApplicable("lab.alpha", "a"));
        assertThat(stale()).isEmpty();

        report(scan(Duration.ofHours(24)).error("lab.alpha", "a"));
        report(scan(Duration.ofHours(1)).error("lab.alpha", "a"));

        assertThat(stale()).isEmpty();
    }

    @Test
    void nobody_owes_the_answer_of_a_check_that_was_not_permitted_to_look() {
        report(scan(Duration.ofDays(30)).fail("lab.alpha", "a", "x"));
        report(scan(Duration.ofDays(20)).notPermitted("lab.alpha", "a"));
        report(scan(Duration.ofHours(1)).notPermitted("lab.alpha", "a"));

        assertThat(stale()).isEmpty();
        var coverage = TestApi.get("/v1/coverage?account_id=" + account, TestApi.token(null))
                .body()
                .at("/items/0");
        assertThat(coverage.at("/state").asString()).isEqualTo("ERROR");
        assertThat(coverage.at("/results/not_permitted").asInt()).isOne();
        assertThat(coverage.at("/results/error").asInt()).isZero();
        assertThat(coverage.at("/why").asString()).isEqualTo("a: its owner has opted out");
        assertThat(TestInsights.JDBC
                        .sql("select state from insights.insight where account_id = ?")
                        .param(account)
                        .query(String.class)
                        .list())
                .containsExactly("open");
    }

    @Test
    void one_that_never_answered_owes_it_since_its_scope_is_there() {
        report(scan(Duration.ofHours(48)).error("lab.alpha", "a"));
        assertThat(stale()).isEmpty();

        TestInsights.JDBC
                .sql("update insights.scope set since = now() - interval '73 hours' where account_id = ?")
                .param(account)
                .update();

        assertThat(stale()).containsExactly("lab.alpha");
    }

    @Test
    void a_new_check_owes_an_answer_since_the_scan_before_it() {
        report(scan(Duration.ofDays(30)).pass("lab.alpha", "a"));
        report(scan(Duration.ofHours(70)).pass("lab.alpha", "a"));
        report(scan(Duration.ofHours(48)).pass("lab.alpha", "a").error("lab.beta", "a"));

        assertThat(stale()).isEmpty();
    }

    @Test
    void nobody_answers_for_a_check_that_the_catalogue_has_dropped() {
        report(scan(Duration.ofHours(1)).pass("lab.alpha", "a"));
        TestInsights.JDBC.sql("""
                        update insights.scope
                           set coverage = coverage || '{"lab.gone": {"pass": 1, "at": "2020-01-01T00:00:00Z"}}'
                         where account_id = ?
                        """).param(account).update();

        assertThat(stale()).isEmpty();
        assertThat(fresh()).containsExactly("lab.alpha", "lab.gone");
    }

    @Test
    void while_the_plan_is_not_known_a_week_is_assumed() {
        TestInsights.JDBC
                .sql("delete from insights.account where id = ?")
                .param(account)
                .update();
        report(scan(Duration.ofDays(20)).pass("lab.alpha", "a"));
        assertThat(stale()).isEmpty();

        report(new TestReport(account, UUID.randomUUID(), minutes(Duration.ofDays(22))).pass("lab.beta", "b"));

        assertThat(stale()).containsExactly("lab.beta");
    }

    @Test
    void the_summary_counts_it_with_its_filters() {
        report(scan(Duration.ofDays(9)).pass("lab.alpha", "a").pass("lab.beta", "a"));
        report(new TestReport(account, UUID.randomUUID(), minutes(Duration.ofDays(9))).pass("lab.alpha", "b"));

        assertThat(counted("")).isEqualTo(3);
        assertThat(counted("?severity=HIGH&state=open&q=x")).isEqualTo(3);
        assertThat(counted("?check=lab.alpha")).isEqualTo(2);
        assertThat(counted("?asset_id=" + asset)).isEqualTo(2);
        assertThat(counted("?asset_id=" + asset + "&check~neq=lab.alpha")).isOne();
        assertThat(TestApi.get("/v1/summary", TestApi.token(UUID.randomUUID()))
                        .body()
                        .at("/stale")
                        .asInt())
                .isZero();
    }

    private TestReport scan(Duration ago) {
        return new TestReport(account, asset, minutes(ago));
    }

    /// The sequence of a test's report is also its time.
    private static long minutes(Duration ago) {
        return Duration.between(SEQUENCE_ZERO, Instant.now().minus(ago)).toMinutes();
    }

    private static void report(TestReport report) {
        assertThat(TestApi.report(report.ndjson().getBytes(UTF_8), TestApi.token(null))
                        .status())
                .isEqualTo(200);
    }

    private List<String> stale() {
        return checks("stale=true");
    }

    private List<String> fresh() {
        return checks("stale=false");
    }

    private List<String> checks(String filter) {
        var items = TestApi.get("/v1/coverage?" + filter, token).body().at("/items");
        assertThat(items)
                .allSatisfy(item -> assertThat(item.at("/stale").asBoolean()).isEqualTo(filter.equals("stale=true")));
        return items.valueStream().map(item -> item.at("/check").asString()).toList();
    }

    private int counted(String filter) {
        return TestApi.get("/v1/summary" + filter, token).body().at("/stale").asInt();
    }
}
