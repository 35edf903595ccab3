package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.insights.TestInsights;
import outrider.insights.inventory.InventoryDoor;
import outrider.scan.AssetKind;
import outrider.scan.CheckState;
import outrider.scan.Endpoint;
import outrider.scan.InventoryRecord;
import outrider.scan.ReportOutcome;

/// Long random histories of a scope end in the database as they end in the model, step by step: reports in any order
/// and of any revision, renames, endpoints and records that change, deletions and their reversal, news that come late
/// or twice, closes that are withheld, hours that pass, and old insights that leave.
class IngestModelTest {

    private static final List<String> CHECKS = List.of("lab.alpha", "lab.beta");
    private static final List<String> DETAILS = List.of("1", "2");
    private static final IngestProperties PROPERTIES = IngestPropertiesTest.bind(
            Map.of("outrider.ingest.withhold.above", "3", "outrider.ingest.withhold.share", "0.5"));
    private static final Instant BEGIN = Instant.parse("2021-06-01T12:00:00Z");

    private final InventoryDoor inventory = new InventoryDoor(TestInsights.SOURCE);

    /// Which way reports take.
    enum Way {
        ARRAYS,
        COPY,
        TURNS,
        HASH_FIRST
    }

    @ParameterizedTest
    @EnumSource
    void ends_as_the_model_says(Way way) {
        for (var seed = 0; seed < 6; seed++) {
            new History(way, seed).run(150);
        }
    }

    @Test
    @Tag("soak")
    void long_histories_end_as_the_model_says() {
        for (var seed = 100; seed < 160; seed++) {
            new History(Way.values()[seed % 4], seed).run(1_000);
        }
    }

    /// One asset and its scope, in the database and in the model.
    private final class History {

        private final Way way;
        private final long seed;
        private final Random random;
        private final TestScope scope = new TestScope(UUID.randomUUID(), PROPERTIES);
        private final ScopeModel model = new ScopeModel(PROPERTIES);
        private final List<InventoryRecord.Asset> revisions = new ArrayList<>();
        private final List<TestReport> recent = new ArrayList<>();
        private final List<String> steps = new ArrayList<>();
        private int told;
        private long sequence;
        private Instant now = BEGIN;

        History(Way way, long seed) {
            this.way = way;
            this.seed = seed;
            this.random = new Random(seed);
            revisions.add(asset("a.example", List.of("https://a.example", "https://a.example:8443"), false));
        }

        void run(int length) {
            for (var step = 0; step < length; step++) {
                switch (random.nextInt(20)) {
                    case 0 -> change(newest().deleted() ? newest().name() : other(newest().name()), false);
                    case 1 -> change(newest().name(), random.nextInt(4) == 0);
                    case 2, 3, 4 -> tell();
                    case 5 -> replay();
                    case 6 -> forget();
                    default -> report();
                }
                assertThat(insights(TestInsights.JDBC, scope.accountId))
                        .as("%s, seed %d: %s", way, seed, steps)
                        .isEqualTo(model.insights());
                assertThat(withheld()).as("%s, seed %d: %s", way, seed, steps).isEqualTo(model.withheld());
            }
        }

        private InventoryRecord.Asset newest() {
            return revisions.getLast();
        }

        private String other(String name) {
            return name.equals("a.example") ? "b.example" : "a.example";
        }

        private InventoryRecord.Asset asset(String name, List<String> endpoints, boolean deleted) {
            return new InventoryRecord.Asset(
                    scope.assetId,
                    scope.accountId,
                    AssetKind.HOST,
                    name,
                    endpoints.stream().map(Endpoint::of).toList(),
                    deleted,
                    revisions.size() + 1L);
        }

        /// The scheduler has a new revision, of which nobody here knows yet. Now and then only records changed.
        private void change(String name, boolean deleted) {
            var endpoints = new ArrayList<String>(List.of("https://" + name));
            if (random.nextBoolean()) {
                endpoints.add("https://a.example:8443");
            }
            revisions.add(asset(name, endpoints, deleted));
            steps.add("revision %d: %s %s%s".formatted(revisions.size(), name, endpoints, deleted ? " deleted" : ""));
        }

        /// The next news come, or some that came before come again.
        private void tell() {
            var which = random.nextInt(4) == 0 ? random.nextInt(told + 1) : Math.min(told + 1, revisions.size() - 1);
            told = Math.max(told, which);
            var record = revisions.get(which);
            steps.add("told of revision " + record.revision());
            inventory.take(record);
            inventory.follow(scope.accountId);
            model.tell(record);
        }

        private void forget() {
            var before = now.minus(Duration.ofHours(random.nextInt(20)));
            steps.add("forgets before " + before);
            TestInsights.JDBC
                    .sql("select insights.forget_resolved(now() - ?::timestamptz, now(), 100000)")
                    .param(before.toString())
                    .query(rows -> {});
            model.forget(before);
        }

        private void replay() {
            if (!recent.isEmpty()) {
                steps.add("again");
                send(recent.get(random.nextInt(recent.size())));
            }
        }

        private void report() {
            now = now.plusSeconds(60L * List.of(1, 20, 59, 60, 600).get(random.nextInt(5)));
            var skipped = List.of(1, 1, 1, 1, 1, 1, 2, 0, -1).get(random.nextInt(9));
            var revision = revisions.get(Math.clamp(told + random.nextInt(-1, 2), 0, revisions.size() - 1));
            sequence = Math.max(1, sequence + skipped);
            var report = scope.scan(sequence).at(now).scanId(UUID.randomUUID());
            if (random.nextInt(12) > 0) {
                report.revision(revision.revision());
            }
            var subjects = new TreeSet<String>(List.of(revision.name(), "mx.example"));
            revision.endpoints().forEach(endpoint -> subjects.add(endpoint.toString()));
            for (var check : CHECKS) {
                var mood = random.nextInt(6);
                subjects.forEach(subject -> look(report, check, subject, mood));
            }
            steps.add("report %d of revision %s at %s"
                    .formatted(sequence, report.header().assetRevision(), now));
            sequence = Math.max(sequence, sequence - skipped);
            recent.add(report);
            if (recent.size() > 5) {
                recent.removeFirst();
            }
            send(report);
        }

        /// @param mood a check has good and bad days
        private void look(TestReport report, String check, String subject, int mood) {
            var states = mood == 0
                    ? List.of(CheckState.NOT_APPLICABLE)
                    : mood == 1
                            ? List.of(CheckState.PASS)
                            : List.of(
                                    CheckState.FAIL,
                                    CheckState.FAIL,
                                    CheckState.FAIL,
                                    CheckState.PASS,
                                    CheckState.ERROR);
            if (random.nextInt(10) == 0) {
                return;
            }
            switch (states.get(random.nextInt(states.size()))) {
                case PASS -> report.pass(check, subject);
                case NOT_APPLICABLE -> report.notApplicable(check, subject);
                case ERROR -> report.error(check, subject);
                case FAIL ->
                    report.severity(random.nextInt(6) == 0 ? Severity.HIGH : Severity.LOW)
                            .confidence(random.nextInt(4) == 0 ? Confidence.TENTATIVE : Confidence.FIRM)
                            .evidence(random.nextInt(6) == 0 ? "2" : "1")
                            .fail(
                                    check,
                                    subject,
                                    DETAILS.stream()
                                            .filter(d -> random.nextInt(4) > 0)
                                            .toArray(String[]::new));
            }
        }

        private void send(TestReport report) {
            if (way == Way.HASH_FIRST) {
                report.withoutBodiesOf(scope.openHashes());
            }
            var copied = way == Way.COPY || way != Way.ARRAYS && random.nextBoolean();
            ReportOutcome outcome = copied ? scope.applyLarge(report) : scope.apply(report);
            assertThat(outcome).as("%s, seed %d: %s", way, seed, steps).isEqualTo(model.apply(report.whole()));
        }

        private TreeSet<String> withheld() {
            return new TreeSet<>(TestInsights.JDBC
                    .sql("""
                    select concat_ws(' ', i.check_id, i.subject, i.detail)
                      from insights.withheld w
                      join insights.insight i using (account_id, scope_id, key)
                     where account_id = ?
                    """)
                    .param(scope.accountId)
                    .query(String.class)
                    .list());
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
                              order by e.recorded_at)::text[] as history
                  from insights.insight i
                  join insights.scope s using (account_id, scope_id)
                 where i.account_id = ?
                """).param(account).query(row -> {
            insights.put(
                    row.getString("name"),
                    "%s, seen at %s, severity %s, evidence {seen=%s}, history %s"
                            .formatted(
                                    row.getString("state"),
                                    row.getTimestamp("last_seen") == null
                                            ? null
                                            : row.getTimestamp("last_seen").toInstant(),
                                    Severity.values()[row.getInt("severity")],
                                    row.getString("seen"),
                                    List.of((String[]) row.getArray("history").getArray())));
        });
        return insights;
    }
}
