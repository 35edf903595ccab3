package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.insights.TestInsights;
import outrider.scan.CheckState;
import outrider.scan.ReportOutcome;
import outrider.scan.ReportOutcome.Kind;

/// Random histories of a scope end in the database as they end in the model, step by step; replayed, they change
/// nothing.
class IngestModelTest {

    private static final List<String> CHECKS = List.of("lab.alpha", "lab.beta");
    private static final List<String> SUBJECTS = List.of("a", "b");
    private static final List<String> DETAILS = List.of("1", "2");

    /// How a check went on a subject: null where the report does not mention it.
    record Look(CheckState state, boolean first, boolean second, boolean firm, boolean severe, boolean otherwise) {}

    /// One report: how its sequence compares to the newest so far, and a look for each check and subject.
    record Step(int ahead, List<Look> looks) {}

    @Property(tries = 100)
    void ends_as_the_model_says(@ForAll("histories") List<Step> history) {
        check(history, TestScope::apply);
    }

    @Property(tries = 60)
    void ends_alike_by_copy(@ForAll("histories") List<Step> history) {
        check(history, TestScope::applyLarge);
    }

    @Property(tries = 30)
    void ends_alike_when_arrays_and_copy_take_turns(@ForAll("histories") List<Step> history) {
        var turn = new AtomicInteger();
        check(
                history,
                (scope, report) -> turn.getAndIncrement() % 2 == 0 ? scope.apply(report) : scope.applyLarge(report));
    }

    @Property(tries = 30)
    void ends_alike_when_what_is_known_comes_without_its_body(@ForAll("histories") List<Step> history) {
        check(history, (scope, report) -> {
            report.withoutBodiesOf(scope.openHashes());
            return history.size() % 2 == 0 ? scope.apply(report) : scope.applyLarge(report);
        });
    }

    private static void check(List<Step> history, BiFunction<TestScope, TestReport, ReportOutcome> apply) {
        var scope = new TestScope();
        var model = new ScopeModel();
        var reports = new ArrayList<TestReport>();
        var newest = 3L;
        for (var step : history) {
            var sequence = Math.max(1, newest + step.ahead());
            newest = Math.max(newest, sequence);
            var report = report(scope.scan(sequence), step.looks());

            var outcome = apply.apply(scope, report);

            assertThat(outcome).isEqualTo(model.apply(report.whole()));
            assertThat(insights(TestInsights.JDBC, scope.accountId)).isEqualTo(model.insights());
            reports.add(report);
        }
        for (var report : reports) {
            assertThat(apply.apply(scope, report).kind()).isIn(Kind.REPLAYED, Kind.SUPERSEDED);
        }
        assertThat(insights(TestInsights.JDBC, scope.accountId)).isEqualTo(model.insights());
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        var states = Arbitraries.frequency(
                Tuple.of(4, CheckState.FAIL),
                Tuple.of(2, CheckState.PASS),
                Tuple.of(2, CheckState.NOT_APPLICABLE),
                Tuple.of(2, CheckState.ERROR));
        var coins = Arbitraries.of(true, false);
        var rarely = Arbitraries.frequency(Tuple.of(5, false), Tuple.of(1, true));
        var looks = Combinators.combine(states.injectNull(0.1), coins, coins, coins, rarely, rarely)
                .as(Look::new);
        var ahead = Arbitraries.frequency(Tuple.of(8, 1), Tuple.of(1, 2), Tuple.of(1, 0), Tuple.of(1, -1));
        return Combinators.combine(ahead, looks.list().ofSize(CHECKS.size() * SUBJECTS.size()))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    private static TestReport report(TestReport report, List<Look> looks) {
        var next = looks.iterator();
        for (var check : CHECKS) {
            for (var subject : SUBJECTS) {
                add(report, check, subject, next.next());
            }
        }
        return report;
    }

    private static void add(TestReport report, String check, String subject, Look look) {
        switch (look.state()) {
            case null -> {}
            case PASS -> report.pass(check, subject);
            case NOT_APPLICABLE -> report.notApplicable(check, subject);
            case ERROR -> report.error(check, subject);
            case FAIL ->
                report.severity(look.severe() ? Severity.HIGH : Severity.LOW)
                        .confidence(look.firm() ? Confidence.FIRM : Confidence.TENTATIVE)
                        .evidence(look.otherwise() ? "2" : "1")
                        .fail(
                                check,
                                subject,
                                DETAILS.stream()
                                        .filter(d -> d.equals("1") ? look.first() : look.second())
                                        .toArray(String[]::new));
        }
    }

    /// The insights of a scope in the words of the model.
    static Map<String, String> insights(JdbcClient jdbc, UUID account) {
        var insights = new TreeMap<String, String>();
        jdbc.sql("""
                select concat_ws(' ', i.check_id, i.subject, i.detail) as name
                     , concat_ws(' ', i.state, i.resolution) as state
                     , coalesce(i.seen_at, insights.completed(s.coverage -> i.check_id, s.scanned_at)) as last_seen
                     , i.severity
                     , i.evidence ->> 'seen' as seen
                     , array(select concat_ws(' ', e.seq, e.kind, e.reason)
                               from insights.insight_event e
                              where (e.account_id, e.scope_id, e.key) = (i.account_id, i.scope_id, i.key)
                              order by e.seq, e.recorded_at)::text[] as history
                  from insights.insight i
                  join insights.scope s using (account_id, scope_id)
                 where i.account_id = ?
                """).param(account).query(row -> {
            var seen = row.getTimestamp("last_seen").toInstant();
            insights.put(
                    row.getString("name"),
                    "%s, seen in %d, severity %s, evidence {seen=%s}, history %s"
                            .formatted(
                                    row.getString("state"),
                                    Duration.between(TestScope.time(0), seen).toMinutes(),
                                    Severity.values()[row.getInt("severity")],
                                    row.getString("seen"),
                                    List.of((String[]) row.getArray("history").getArray())));
        });
        return insights;
    }
}
