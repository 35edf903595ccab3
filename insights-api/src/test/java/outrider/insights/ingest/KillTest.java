package outrider.insights.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import outrider.insights.ingest.KillableFleet.Victim;
import outrider.scan.Part;
import outrider.scan.ReportOutcome.Counts;
import outrider.scan.Wire;
import tools.jackson.databind.JsonNode;

/// kill -9, of the API and of PostgreSQL, wherever it makes a difference to a report: sent again, it ends as the model
/// says, and no slot stays taken or filled.
class KillTest {

    private static final int LARGE = 1_500;
    private static final int SMALL = 20;

    @TempDir
    static Path directory;

    private static KillableFleet fleet;

    private final UUID account = UUID.randomUUID();
    private final UUID asset = UUID.randomUUID();
    private final ScopeModel model = new ScopeModel(IngestPropertiesTest.bind(Map.of()));
    private long sequence;

    @BeforeAll
    static void start() {
        fleet = new KillableFleet(directory);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @AfterEach
    void slots_are_free_and_empty() {
        await().untilAsserted(() -> {
            assertThat(fleet.number("select count(*) from pg_locks where locktype = 'advisory' and classid = 4242"))
                    .isZero();
            for (var slot = 1; slot <= 16; slot++) {
                assertThat(fleet.number("select count(*) from insights.stage_" + slot))
                        .isZero();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void during_copy(Victim victim) throws Exception {
        sendAgain(next(LARGE), "applied");
        var report = next(LARGE);

        try (var _ = fleet.begin(report.ndjson(), 0.9)) {
            await().until(() ->
                    fleet.number("select coalesce(sum(tuples_processed), 0) from pg_stat_progress_copy") > 0);
            fleet.kill(victim);
        }
        fleet.revive(victim);

        assertThat(insights()).isEqualTo(model.insights());
        sendAgain(report, "applied");
    }

    @ParameterizedTest
    @EnumSource
    void between_copy_and_merge(Victim victim) throws Exception {
        sendAgain(next(LARGE), "applied");
        var report = next(LARGE);

        try (var hold = fleet.holdMerges();
                var _ = fleet.begin(report.ndjson(), 1)) {
            fleet.awaitMerge();
            fleet.kill(victim);
            hold.abort(Runnable::run);
        }
        fleet.revive(victim);

        assertThat(insights()).isEqualTo(model.insights());
        sendAgain(report, "applied");
    }

    @ParameterizedTest
    @EnumSource
    void after_the_commit_and_before_the_answer(Victim victim) throws Exception {
        sendAgain(next(LARGE), "applied");
        killAfterCommit(victim, next(LARGE));
    }

    @ParameterizedTest
    @EnumSource
    void after_the_commit_and_before_the_answer_of_a_small_report(Victim victim) throws Exception {
        sendAgain(next(SMALL), "applied");
        killAfterCommit(victim, next(SMALL));
    }

    @ParameterizedTest
    @EnumSource
    void between_the_parts_of_a_scan(Victim victim) throws Exception {
        var scan = UUID.randomUUID();
        sequence++;
        var low = part(scan, 0, Part.PLACES / 2);
        var high = part(scan, Part.PLACES / 2, Part.PLACES);
        assertThat(kind(low)).isEqualTo("applied");

        fleet.kill(victim);
        fleet.revive(victim);

        assertThat(lastSequence()).isZero();
        assertThat(kind(low)).isEqualTo("replayed");
        assertThat(kind(high)).isEqualTo("applied");
        assertThat(lastSequence()).isEqualTo(sequence);
    }

    private TestReport part(UUID scan, long from, long to) {
        var part = Part.range(1, from, to);
        var report = new TestReport(account, asset, sequence).scanId(scan).part(part);
        IntStream.range(0, 20)
                .mapToObj("n%d.example"::formatted)
                .filter(part::contains)
                .forEach(name -> report.fail("lab.alpha", name, ""));
        return report;
    }

    private String kind(TestReport report) {
        return fleet.send(report.ndjson()).at("/kind").asString();
    }

    @Test
    @Tag("soak")
    void anywhere() throws Exception {
        var random = new Random(4);
        sendAgain(next(LARGE), "applied");
        for (var round = 0; round < 30; round++) {
            var victim = Victim.values()[random.nextInt(3)];
            // Always of one size: a much smaller one would have its closes withheld.
            var report = next(10 * LARGE);
            try (var _ = fleet.begin(report.ndjson(), random.nextInt(4) == 0 ? random.nextDouble() : 1)) {
                var moment = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 200 : 1_500));
                await().pollDelay(moment).until(() -> true);
                fleet.kill(victim);
            }
            fleet.revive(victim);
            sendAgain(report, "applied", "unchanged", "replayed");
            slots_are_free_and_empty();
        }
    }

    private void killAfterCommit(Victim victim, TestReport report) throws Exception {
        var hold = fleet.holdMerges();
        try (var _ = fleet.begin(report.ndjson(), 1)) {
            fleet.awaitMerge();
            fleet.moveDatabaseAway();
            hold.rollback();
            hold.close();
            await().atMost(Duration.ofSeconds(30)).until(() -> lastSequence() == sequence);
            fleet.kill(victim);
        }
        fleet.revive(victim);

        sendAgain(report, "replayed");
    }

    /// Sends a report and compares what became of it with the model.
    private void sendAgain(TestReport report, String... kinds) {
        var answer = fleet.send(report.ndjson());
        var expected = model.apply(report.whole());

        assertThat(answer.at("/kind").asString()).isIn((Object[]) kinds);
        assertThat(counts(answer.at("/counts"))).isEqualTo(expected.counts());
        assertThat(insights()).isEqualTo(model.insights());
    }

    /// The next scan: some insights are new, some are gone, some have changed.
    private TestReport next(int insights) {
        var number = ++sequence;
        var details = IntStream.range(0, insights)
                .filter(i -> i % 7 != number % 7)
                .mapToObj(i -> "record " + i)
                .toArray(String[]::new);
        return new TestReport(account, asset, number)
                .evidence("" + number % 3)
                .fail("lab.alpha", "a", details)
                .evidence("1")
                .fail("lab.beta", "b", details);
    }

    private Map<String, String> insights() {
        return IngestModelTest.insights(fleet.jdbc(), account);
    }

    private long lastSequence() {
        return fleet.jdbc()
                .sql("select max(last_seq) from insights.scope where account_id = ?")
                .param(account)
                .query(Long.class)
                .single();
    }

    private static Counts counts(JsonNode counts) {
        return Wire.JSON.treeToValue(counts, Counts.class);
    }
}
