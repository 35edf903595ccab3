package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import outrider.insights.TestInsights;
import outrider.scan.ReportOutcome;

/// Many writers over the same scopes, in any order: nobody waits for another, and the newest report has the last word.
class WriterStormTest {

    private int largeOneIn;

    private final ReportWriter writer = new ReportWriter(TestInsights.JDBC, TestScope.PROPERTIES, TestScope.THRESHOLD);

    @Test
    void the_newest_of_concurrent_reports_wins() throws Exception {
        storm(4, 1, 25);
    }

    @Test
    void writers_over_overlapping_scopes_never_deadlock() throws Exception {
        storm(8, 6, 15);
    }

    @Test
    void large_and_small_reports_of_the_same_scopes_end_as_the_newest_says() throws Exception {
        largeOneIn = 4;
        storm(6, 4, 15);
    }

    @Test
    @Tag("soak")
    void many_writers_large_and_small_over_overlapping_scopes_never_deadlock() throws Exception {
        largeOneIn = 10;
        storm(32, 12, 200);
    }

    @Test
    @Tag("soak")
    void many_writers_over_overlapping_scopes_never_deadlock() throws Exception {
        storm(32, 12, 400);
    }

    /// Somebody who locks an insight first and its scope then, which no report does.
    @Test
    void a_deadlock_with_somebody_else_is_not_the_senders_trouble() throws Exception {
        var scope = new TestScope();
        scope.apply(scope.scan().fail("lab.alpha", "a", "1"));
        var patient = TestInsights.URL + "&options=-c%20deadlock_timeout=";
        try (var other = new SingleConnectionDataSource(patient + "10min", true);
                var mine = new SingleConnectionDataSource(patient + "3s", true);
                var thread = Executors.newVirtualThreadPerTaskExecutor()) {
            var operator = other.getConnection();
            operator.setAutoCommit(false);
            execute(operator, "select from insights.insight where account_id = '%s' for update", scope);
            var report = scope.scan().evidence("2").fail("lab.alpha", "a", "1").build();
            var mineWriter = new ReportWriter(JdbcClient.create(mine), TestScope.PROPERTIES, TestScope.THRESHOLD);
            var written = thread.submit(() -> mineWriter.write(List.of(report)).getFirst());
            await().until(WriterStormTest::isWaiting);

            execute(operator, "update insights.scope set removed = removed where account_id = '%s'", scope);

            operator.rollback();
            assertThat(written.get().kind()).isIn(ReportOutcome.Kind.APPLIED, ReportOutcome.Kind.BUSY);
        }
    }

    private static void execute(Connection connection, String sql, TestScope scope) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql.formatted(scope.accountId));
        }
    }

    private static boolean isWaiting() {
        return TestInsights.JDBC
                        .sql(
                                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%apply_reports%'")
                        .query(Integer.class)
                        .single()
                == 1;
    }

    private void storm(int writers, int scopes, int requests) throws Exception {
        var targets = Stream.generate(Target::new).limit(scopes).toList();
        var deadlocks = deadlocks();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var jobs = IntStream.range(0, writers)
                    .<Callable<Void>>mapToObj(seed -> () -> {
                        var random = new Random(seed);
                        for (var i = 0; i < requests; i++) {
                            send(targets, random);
                        }
                        return null;
                    })
                    .toList();
            for (var job : threads.invokeAll(jobs)) {
                job.get();
            }
        }
        for (var target : targets) {
            assertThat(target.scope.states()).isEqualTo(target.expected());
        }
        assertThat(deadlocks()).isEqualTo(deadlocks);
    }

    /// One request with a report for some of the scopes, in any order, sent until none of them is busy.
    private void send(List<Target> targets, Random random) {
        var chosen = new ArrayList<>(targets);
        Collections.shuffle(chosen, random);
        var reports = chosen.subList(0, 1 + random.nextInt(chosen.size())).stream()
                .map(Target::next)
                .toList();
        while (!reports.isEmpty()) {
            var outcomes = largeOneIn > 0 && random.nextInt(largeOneIn) == 0 ? byCopy(reports) : writer.write(reports);
            var sent = reports;
            reports = IntStream.range(0, sent.size())
                    .filter(i -> outcomes.get(i).kind() == ReportOutcome.Kind.BUSY)
                    .mapToObj(sent::get)
                    .toList();
            Thread.yield();
        }
    }

    /// Each by COPY, if there is a slot; else they count as busy.
    private List<ReportOutcome> byCopy(List<Report> reports) {
        return reports.stream().map(this::byCopy).toList();
    }

    private ReportOutcome byCopy(Report report) {
        try (var stage = TestScope.STAGING.lease()) {
            var rows = new ReportRows(report.header());
            rows.moveTo(stage);
            report.results().forEach(rows::add);
            report.insights().forEach(rows::add);
            return writer.write((LargeReport) rows.end());
        } catch (DataAccessResourceFailureException e) {
            return new ReportOutcome(
                    report.header().scanId(), ReportOutcome.Kind.BUSY, ReportOutcome.Counts.NONE, null);
        }
    }

    private static long deadlocks() {
        return TestInsights.JDBC
                .sql("select deadlocks from pg_stat_database where datname = current_database()")
                .query(Long.class)
                .single();
    }

    /// A scope, whose scan number n finds the insights at the ones in the last four bits of n.
    private static final class Target {
        final TestScope scope = new TestScope();
        final AtomicLong sequence = new AtomicLong();

        Report next() {
            var number = sequence.incrementAndGet();
            var report = new TestReport(scope.accountId, scope.assetId, number);
            return report.evidence("" + number % 3)
                    .fail("lab.alpha", "a", found(number).toArray(String[]::new))
                    .build();
        }

        Map<String, String> expected() {
            var states = new TreeMap<String, String>();
            for (var bit = 0; bit < 4; bit++) {
                states.put("bit " + bit, found(sequence.get()).contains("bit " + bit) ? "open" : "resolved fixed");
            }
            return states;
        }

        private static List<String> found(long number) {
            return IntStream.range(0, 4)
                    .filter(bit -> (number >> bit & 1) == 1)
                    .mapToObj(bit -> "bit " + bit)
                    .toList();
        }
    }
}
