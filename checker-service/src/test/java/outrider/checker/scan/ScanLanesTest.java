package outrider.checker.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.checker.report.FakeInsightsApi;
import outrider.insight.CheckCatalog;
import outrider.insight.CheckId;
import outrider.lanes.LaneHeaders;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.Lane;
import outrider.scan.ReportHeader;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.Wire;

class ScanLanesTest {
    private static final CheckId SPF = new CheckId("dns.spf");
    private static final int CHECKS = CheckCatalog.load().checksOf("dns").size();

    static CheckerFixture fixture;
    static ConfigurableApplicationContext replica;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        fixture = new CheckerFixture(directory);
        replica = fixture.start("--outrider.report.large.from=32KB", "--outrider.report.large.disk=64KB");
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @BeforeEach
    void succeed() {
        fixture.api.answer(FakeInsightsApi::applied);
        scanner().script(ScriptedScanner::passed);
    }

    @Test
    void a_report_says_which_revision_of_the_asset_was_scanned() {
        var job = fixture.job("example.org");
        var revised = new ScanJob(
                job.scanId(),
                job.sequence(),
                job.accountId(),
                job.assetId(),
                job.kind(),
                job.name(),
                job.endpoints(),
                job.checker(),
                job.scheduledAt(),
                7L);

        fixture.publish(Lane.FAST, job.assetId().toString(), Wire.write(revised));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(fixture.api.lines())
                        .anyMatch(line -> line instanceof ReportHeader header
                                && header.scanId().equals(job.scanId())
                                && Long.valueOf(7).equals(header.assetRevision())));
    }

    @Test
    void a_report_is_accepted_before_its_offset_is_committed() throws Exception {
        var answer = new CountDownLatch(1);
        fixture.api.answer(scans -> {
            waitFor(answer);
            return FakeInsightsApi.applied(scans);
        });
        long before = CheckerFixture.committed(Lane.FAST);
        var job = fixture.publish(Lane.FAST, "example.org");
        await().atMost(SOON).until(() -> reported(job) == 1);
        await().during(Duration.ofSeconds(2)).until(() -> CheckerFixture.committed(Lane.FAST) == before);
        answer.countDown();
        await().atMost(SOON).until(() -> CheckerFixture.committed(Lane.FAST) == before + 1);
        assertThat(fixture.outcomes(job)).containsExactly(ScanOutcome.Kind.REPORTED);
    }

    @Test
    void an_outage_of_the_api_dead_letters_nothing_and_scans_nobody_again() {
        fixture.api.answer(scans -> FakeInsightsApi.status(503));
        var jobs = IntStream.range(0, 20)
                .mapToObj(i -> fixture.publish(Lane.FAST, "example-%d.org".formatted(i)))
                .toList();
        var fast = replica.getBean(Lanes.class).find(Lane.FAST).orElseThrow();
        await().atMost(SOON).until(() -> fast.snapshot().holds().containsKey("insights-api"));
        await().atMost(SOON)
                .until(() -> jobs.stream().mapToLong(ScanLanesTest::reported).sum() >= 25);
        fixture.api.answer(FakeInsightsApi::applied);
        await().atMost(SOON)
                .until(() -> jobs.stream()
                        .allMatch(job -> fixture.outcomes(job).equals(List.of(ScanOutcome.Kind.REPORTED))));
        assertThat(fast.snapshot().holds()).isEmpty();
        assertThat(jobs).allSatisfy(job -> {
            assertThat(scanner().runs(job.scanId())).isEqualTo(1);
            assertThat(fixture.letters(job.assetId().toString())).isEmpty();
        });
    }

    @Test
    void a_report_that_is_refused_alone_becomes_a_dead_letter_with_the_reason() {
        var bad = fixture.job("bad.example.org");
        fixture.api.answer(
                scans -> scans.contains(bad.scanId()) ? FakeInsightsApi.status(422) : FakeInsightsApi.applied(scans));
        fixture.publish(Lane.FAST, bad.assetId().toString(), Wire.write(bad));
        var good = fixture.publish(Lane.FAST, "good.example.org");
        await().atMost(SOON).until(() -> fixture.outcomes(bad).equals(List.of(ScanOutcome.Kind.DEAD)));
        await().atMost(SOON).until(() -> fixture.outcomes(good).equals(List.of(ScanOutcome.Kind.REPORTED)));
        var letter = fixture.letters(bad.assetId().toString()).getFirst();
        assertThat(header(letter, LaneHeaders.DEAD_REASON)).contains("refused the report", "422");
        assertThat(scanner().runs(bad.scanId())).isEqualTo(1);
    }

    @Test
    void scans_that_end_together_share_a_request() {
        int before = fixture.api.requests().size();
        var together = new CountDownLatch(50);
        scanner().script((scan, report) -> {
            together.countDown();
            together.await();
            ScriptedScanner.passed(scan, report);
        });
        var jobs = IntStream.range(0, 50)
                .mapToObj(i -> fixture.publish(Lane.FAST, "example-%d.org".formatted(i)))
                .toList();
        await().atMost(SOON).until(() -> jobs.stream().allMatch(job -> reported(job) == 1));
        assertThat(fixture.api.requests().size() - before).isLessThan(20);
    }

    @Test
    void an_interactive_scan_tells_that_it_began() {
        var job = fixture.publish(Lane.INTERACTIVE, "example.org");
        await().atMost(SOON)
                .until(() ->
                        fixture.outcomes(job).equals(List.of(ScanOutcome.Kind.STARTED, ScanOutcome.Kind.REPORTED)));
    }

    @Test
    void a_job_that_is_too_old_is_told_as_expired_and_reports_nothing() {
        var job = fixture.publish(Lane.FAST, "example.org", "expires-at", "2020-01-01T00:00:00Z");
        await().atMost(SOON).until(() -> fixture.outcomes(job).equals(List.of(ScanOutcome.Kind.EXPIRED)));
        assertThat(reported(job)).isZero();
    }

    @Test
    void a_job_for_a_checker_of_a_later_release_is_given_back_and_is_no_dead_letter() {
        var job = fixture.job("example.org", "later");
        fixture.publish(Lane.FAST, job.assetId().toString(), Wire.write(job));
        await().atMost(SOON).until(() -> fixture.outcomes(job).equals(List.of(ScanOutcome.Kind.EXPIRED)));
        assertThat(scanner().runs(job.scanId())).isZero();
        assertThat(reported(job)).isZero();
    }

    @Test
    void a_scan_past_its_hard_budget_reports_an_error_for_each_check() {
        scanner().script((scan, report) -> {
            new CountDownLatch(1).await();
            ScriptedScanner.passed(scan, report);
        });
        var job = fixture.publish(Lane.FAST, "endless.example.org", "budget", "PT0.5S");
        await().atMost(SOON).until(() -> fixture.outcomes(job).equals(List.of(ScanOutcome.Kind.REPORTED)));
        assertThat(results(job.name()))
                .hasSize(CHECKS)
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(CheckState.ERROR));
    }

    @Test
    void a_large_report_goes_the_same_way_as_a_small_one() {
        scanner().script((scan, report) -> {
            for (int i = 0; i < 1_000; i++) {
                report.add(CheckResult.pass(SPF, "%d.%s".formatted(i, scan.name())));
            }
        });
        var job = fixture.publish(Lane.FAST, "large.example.org");
        await().atMost(SOON).until(() -> fixture.outcomes(job).equals(List.of(ScanOutcome.Kind.REPORTED)));
        assertThat(results("large.example.org")).hasSize(1_000);
    }

    @Test
    void a_scan_whose_report_finds_no_room_reports_an_error_for_each_check() {
        scanner().script((scan, report) -> {
            while (true) {
                report.add(CheckResult.pass(SPF, "%s.%s".formatted(UUID.randomUUID(), scan.name())));
            }
        });
        var job = fixture.publish(Lane.FAST, "boundless.example.org");
        await().atMost(SOON).until(() -> fixture.outcomes(job).equals(List.of(ScanOutcome.Kind.REPORTED)));
        assertThat(results("boundless.example.org")).hasSize(CHECKS).allSatisfy(result -> {
            assertThat(result.state()).isEqualTo(CheckState.ERROR);
            assertThat(result.why()).contains("could not be kept", "outrider.report.large.disk");
        });
    }

    @Test
    void a_checker_that_crashes_three_times_makes_a_dead_letter_that_the_scheduler_hears_of() {
        scanner().script((scan, report) -> {
            throw new IllegalStateException("a bug");
        });
        var job = fixture.publish(Lane.FAST, "example.org");
        await().atMost(SOON).until(() -> fixture.outcomes(job).equals(List.of(ScanOutcome.Kind.DEAD)));
        assertThat(scanner().runs(job.scanId())).isEqualTo(3);
        assertThat(header(fixture.letters(job.assetId().toString()).getFirst(), LaneHeaders.DEAD_ATTEMPTS))
                .isEqualTo("3");
        assertThat(fixture.told(job).subList(0, 2)).allSatisfy(outcome -> {
            assertThat(outcome.kind()).isEqualTo(ScanOutcome.Kind.MOVED);
            assertThat(outcome.moved().lane()).isEqualTo(Lane.FAST);
            assertThat(outcome.moved().topic()).isEqualTo(Lane.FAST.retryTopic());
        });
        assertThat(fixture.told(job).subList(0, 2))
                .extracting(ScanOutcome::attempt)
                .containsExactly(1, 2);
    }

    @Test
    void a_scan_that_could_tell_nothing_says_so_and_one_that_could_does_not() {
        scanner().script((scan, report) -> report.add(CheckResult.error(SPF, scan.name(), "timed out")));
        var blind = fixture.publish(Lane.FAST, "blind.example.org");
        await().atMost(SOON).until(() -> fixture.told(blind).size() == 1);
        assertThat(fixture.told(blind).getFirst().untold()).isTrue();

        scanner().script(ScriptedScanner::passed);
        var told = fixture.publish(Lane.FAST, "told.example.org");
        await().atMost(SOON).until(() -> fixture.told(told).size() == 1);
        assertThat(fixture.told(told).getFirst().untold()).isNull();
    }

    @Test
    void what_is_no_job_becomes_a_dead_letter_and_the_next_one_runs() {
        var key = UUID.randomUUID().toString();
        fixture.publish(Lane.FAST, key, "{\"scan_id\": 7".getBytes(StandardCharsets.UTF_8));
        var job = fixture.publish(Lane.FAST, "example.org");
        await().atMost(SOON).until(() -> fixture.outcomes(job).equals(List.of(ScanOutcome.Kind.REPORTED)));
        await().atMost(SOON).until(() -> fixture.letters(key).size() == 1);
        assertThat(header(fixture.letters(key).getFirst(), LaneHeaders.DEAD_REASON))
                .startsWith("this is no scan job");
    }

    private static long reported(ScanJob job) {
        return fixture.api.requests().stream()
                .filter(scans -> scans.contains(job.scanId()))
                .count();
    }

    private static List<CheckResult> results(String asset) {
        return fixture.api.lines().stream()
                .filter(CheckResult.class::isInstance)
                .map(CheckResult.class::cast)
                .filter(result -> result.subject().endsWith(asset))
                .toList();
    }

    private static ScriptedScanner scanner() {
        return replica.getBean(ScriptedScanner.class);
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
