package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.insight.Confidence.FIRM;
import static outrider.insight.Confidence.TENTATIVE;
import static outrider.scan.ReportOutcome.Kind.APPLIED;
import static outrider.scan.ReportOutcome.Kind.BUSY;
import static outrider.scan.ReportOutcome.Kind.REPLAYED;
import static outrider.scan.ReportOutcome.Kind.SUPERSEDED;
import static outrider.scan.ReportOutcome.Kind.UNCHANGED;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import outrider.insight.Severity;
import outrider.insights.TestInsights;
import outrider.scan.ReportOutcome;
import outrider.scan.ReportOutcome.Counts;

/// What reports do to insights, on a real database.
class ReportWriterTest {

    private final TestScope scope = new TestScope();

    @Test
    void opens_what_a_first_scan_finds() {
        var outcome = scope.apply(scope.scan().fail("lab.alpha", "a", "1", "2").pass("lab.beta", "a"));

        assertThat(outcome.kind()).isEqualTo(APPLIED);
        assertThat(outcome.counts()).isEqualTo(new Counts(2, 0, 0, 0, 0));
        assertThat(scope.states()).isEqualTo(Map.of("1", "open", "2", "open"));
    }

    @Test
    void has_nothing_to_open_on_a_sound_asset() {
        var outcome = scope.apply(scope.scan().pass("lab.alpha", "a"));

        assertThat(outcome.kind()).isEqualTo(UNCHANGED);
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void leaves_alone_what_is_as_before() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1"));

        var outcome = scope.apply(scope.scan().fail("lab.alpha", "a", "1"));

        assertThat(outcome.kind()).isEqualTo(UNCHANGED);
        assertThat(outcome.counts()).isEqualTo(new Counts(0, 0, 0, 0, 1));
        assertThat(scope.lastSeen("1")).isEqualTo(2);
        assertThat(scope.history("1")).isEmpty();
    }

    @Test
    void replays_the_answer_of_a_scan_whatever_a_redo_says() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1"));

        var outcome = scope.apply(scope.scan(1).fail("lab.alpha", "a", "2", "3"));

        assertThat(outcome.kind()).isEqualTo(REPLAYED);
        assertThat(outcome.counts()).isEqualTo(new Counts(1, 0, 0, 0, 0));
        assertThat(scope.states()).containsOnlyKeys("1");
    }

    @Test
    void keeps_what_a_changed_insight_said_before() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1"));

        var outcome =
                scope.apply(scope.scan().severity(Severity.HIGH).evidence("2").fail("lab.alpha", "a", "1"));

        assertThat(outcome.counts()).isEqualTo(new Counts(0, 1, 0, 0, 0));
        assertThat(scope.history("1")).containsExactly("2 changed 2 1");
    }

    @Test
    void resolves_what_a_completed_check_no_longer_finds() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1", "2").fail("lab.alpha", "b", "3"));

        var outcome = scope.apply(scope.scan().fail("lab.alpha", "a", "1").pass("lab.alpha", "b"));

        assertThat(outcome.counts()).isEqualTo(new Counts(0, 0, 0, 2, 1));
        assertThat(scope.states()).isEqualTo(Map.of("1", "open", "2", "resolved fixed", "3", "resolved fixed"));
        assertThat(scope.history("3")).containsExactly("2 resolved fixed");
        assertThat(scope.lastSeen("3")).isEqualTo(1);
    }

    @Test
    void opens_again_what_comes_back() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1"));
        scope.apply(scope.scan().pass("lab.alpha", "a"));

        var outcome = scope.apply(scope.scan().evidence("2").fail("lab.alpha", "a", "1"));

        assertThat(outcome.counts()).isEqualTo(new Counts(0, 0, 1, 0, 0));
        assertThat(scope.states()).isEqualTo(Map.of("1", "open"));
        assertThat(scope.history("1")).containsExactly("2 resolved fixed", "3 reopened 1");
    }

    @Test
    void refuses_an_older_scan() {
        scope.apply(scope.scan(7).fail("lab.alpha", "a", "1"));

        var late = scope.apply(scope.scan(6).pass("lab.alpha", "a"));
        var namesake = scope.apply(scope.scan(7).scanId(UUID.randomUUID()).pass("lab.alpha", "a"));

        assertThat(List.of(late.kind(), namesake.kind())).containsOnly(SUPERSEDED);
        assertThat(scope.states()).isEqualTo(Map.of("1", "open"));
    }

    @Test
    void closes_nothing_of_a_subject_it_could_not_see() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1").fail("lab.alpha", "b", "2"));

        var outcome = scope.apply(scope.scan().error("lab.alpha", "a").pass("lab.alpha", "b"));

        assertThat(outcome.counts()).isEqualTo(new Counts(0, 0, 0, 1, 0));
        assertThat(scope.states()).isEqualTo(Map.of("1", "open", "2", "resolved fixed"));
    }

    @Test
    void closes_nothing_of_a_subject_it_does_not_mention() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1").fail("lab.beta", "a", "2"));

        scope.apply(scope.scan().pass("lab.beta", "b"));

        assertThat(scope.states()).isEqualTo(Map.of("1", "open", "2", "open"));
    }

    @Test
    void remembers_when_it_last_saw_what_it_cannot_see_now() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1").fail("lab.alpha", "b", "2"));
        scope.apply(scope.scan().error("lab.alpha", "a").fail("lab.alpha", "b", "2"));
        scope.apply(scope.scan().error("lab.alpha", "a").error("lab.alpha", "b"));

        assertThat(scope.lastSeen("1")).isEqualTo(1);
        assertThat(scope.lastSeen("2")).isEqualTo(2);

        var outcome = scope.apply(scope.scan().fail("lab.alpha", "a", "1").fail("lab.alpha", "b", "2"));

        assertThat(outcome.kind()).isEqualTo(UNCHANGED);
        assertThat(scope.lastSeen("1")).isEqualTo(4);
    }

    @Test
    void closes_what_does_not_apply_in_two_scans_in_a_row() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1"));

        var once = scope.apply(scope.scan().notApplicable("lab.alpha", "a"));
        var twice = scope.apply(scope.scan().notApplicable("lab.alpha", "a"));

        assertThat(once.counts().resolved()).isZero();
        assertThat(twice.counts().resolved()).isOne();
        assertThat(scope.states()).isEqualTo(Map.of("1", "resolved no_longer_applicable"));
        assertThat(scope.history("1")).containsExactly("3 resolved no_longer_applicable");
    }

    @Test
    void counts_inapplicable_scans_anew_after_any_other() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1"));
        scope.apply(scope.scan().notApplicable("lab.alpha", "a"));
        scope.apply(scope.scan().error("lab.alpha", "a"));
        scope.apply(scope.scan().notApplicable("lab.alpha", "a"));
        scope.apply(scope.scan().fail("lab.alpha", "a", "1"));
        scope.apply(scope.scan().notApplicable("lab.alpha", "a"));

        assertThat(scope.states()).isEqualTo(Map.of("1", "open"));
    }

    @Test
    void suspects_a_tentative_insight_until_a_second_scan_agrees() {
        var first = scope.apply(scope.scan().confidence(TENTATIVE).fail("lab.alpha", "a", "1"));
        assertThat(scope.states()).isEqualTo(Map.of("1", "suspected"));

        scope.apply(scope.scan().error("lab.alpha", "a"));
        var second = scope.apply(scope.scan().confidence(TENTATIVE).fail("lab.alpha", "a", "1"));

        assertThat(first.counts()).isEqualTo(new Counts(1, 0, 0, 0, 0));
        assertThat(second.counts()).isEqualTo(new Counts(0, 1, 0, 0, 0));
        assertThat(scope.states()).isEqualTo(Map.of("1", "open"));
        assertThat(scope.history("1")).containsExactly("3 confirmed");
    }

    @Test
    void a_suspicion_that_is_not_confirmed_is_resolved() {
        scope.apply(scope.scan().confidence(TENTATIVE).fail("lab.alpha", "a", "1"));
        scope.apply(scope.scan().pass("lab.alpha", "a"));
        assertThat(scope.states()).isEqualTo(Map.of("1", "resolved fixed"));

        scope.apply(scope.scan().confidence(TENTATIVE).fail("lab.alpha", "a", "1"));
        assertThat(scope.states()).isEqualTo(Map.of("1", "suspected"));

        scope.apply(scope.scan().confidence(FIRM).fail("lab.alpha", "a", "1"));
        assertThat(scope.history("1")).containsExactly("2 resolved fixed", "3 reopened", "4 confirmed f");
    }

    @Test
    void answers_busy_while_another_writes_the_scope() throws Exception {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1"));
        try (var other = TestInsights.SOURCE.getConnection();
                var statement = other.prepareStatement("select * from insights.scope where asset_id = ? for update")) {
            other.setAutoCommit(false);
            statement.setObject(1, scope.assetId);
            statement.execute();

            var elsewhere = new TestScope(scope.accountId);
            var outcomes = new ReportWriter(TestInsights.JDBC, TestScope.PROPERTIES, TestScope.THRESHOLD)
                    .write(List.of(
                            scope.scan(2).pass("lab.alpha", "a").build(),
                            elsewhere.scan().fail("lab.alpha", "a", "1").build()));

            assertThat(outcomes).extracting(ReportOutcome::kind).containsExactly(BUSY, APPLIED);
            other.rollback();
        }
        assertThat(scope.apply(scope.scan(2).pass("lab.alpha", "a")).kind()).isEqualTo(APPLIED);
    }

    @Test
    void takes_several_reports_of_one_scope_in_their_order() {
        var outcomes = new ReportWriter(TestInsights.JDBC, TestScope.PROPERTIES, TestScope.THRESHOLD)
                .write(List.of(
                        scope.scan(1).fail("lab.alpha", "a", "1").build(),
                        scope.scan(3).pass("lab.alpha", "a").build(),
                        scope.scan(2).fail("lab.alpha", "a", "1").build(),
                        scope.scan(3).fail("lab.alpha", "a", "1").build()));

        assertThat(outcomes).extracting(ReportOutcome::kind).containsExactly(APPLIED, APPLIED, SUPERSEDED, REPLAYED);
        assertThat(scope.states()).isEqualTo(Map.of("1", "resolved fixed"));
    }

    @Test
    void records_in_the_order_of_writing_and_not_of_beginning() throws Exception {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1"));
        try (var early = TestInsights.SOURCE.getConnection()) {
            early.setAutoCommit(false);
            var jdbc = JdbcClient.create(new SingleConnectionDataSource(early, true));
            jdbc.sql("select now()").query().singleValue(); // the time of its transaction
            scope.apply(scope.scan().evidence("2").fail("lab.alpha", "a", "1"));
            new ReportWriter(jdbc, TestScope.PROPERTIES, TestScope.THRESHOLD)
                    .write(List.of(scope.scan().pass("lab.alpha", "a").build()));
            early.commit();
        }

        var sequences = TestInsights.JDBC
                .sql("select seq from insights.insight_event where account_id = ? order by recorded_at")
                .param(scope.accountId)
                .query(Long.class)
                .list();
        assertThat(sequences).containsExactly(2L, 3L);
    }

    @Test
    void nothing_of_a_removed_asset_or_account_comes_back() {
        scope.apply(scope.scan().fail("lab.alpha", "a", "1"));
        TestInsights.JDBC
                .sql("update insights.scope set removed = true where asset_id = ?")
                .param(scope.assetId)
                .update();
        var unborn = new TestScope();
        TestInsights.JDBC
                .sql("insert into insights.account (id, name, plan, deleted) values (?, '', 'FREE', true)")
                .param(unborn.accountId)
                .update();

        assertThat(scope.apply(scope.scan().pass("lab.alpha", "a")).kind()).isEqualTo(SUPERSEDED);
        assertThat(unborn.apply(unborn.scan().fail("lab.alpha", "a", "1")).kind())
                .isEqualTo(SUPERSEDED);
        assertThat(unborn.states()).isEmpty();
    }
}
