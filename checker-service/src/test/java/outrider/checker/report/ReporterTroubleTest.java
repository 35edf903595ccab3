package outrider.checker.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.report.FakeInsightsApi.Answer;
import outrider.insight.CheckId;
import outrider.scan.CheckResult;
import outrider.scan.ReportOutcome;

/// The reporter with an insights API that has a bad day.
class ReporterTroubleTest {

    @TempDir
    Path directory;

    FakeInsightsApi api;
    List<Reporters> started = new ArrayList<>();
    CountDownLatch release = new CountDownLatch(1);
    Queue<UUID> applied = new ConcurrentLinkedQueue<>();
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void start() throws IOException {
        api = new FakeInsightsApi();
    }

    @AfterEach
    void stop() {
        release.countDown();
        executor.shutdownNow();
        started.forEach(Reporters::close);
        api.close();
    }

    @Test
    void a_request_that_hangs_is_given_up_and_sent_again_while_others_go_on() throws Exception {
        var reporter = reporter(Time.REAL, Map.of("timeout", "1s", "late", "100ms", "concurrency", "1"));
        var hung = Reporters.report();
        api.answer(scans -> {
            if (scans.contains(hung.scanId()) && requestsWith(hung) == 1) {
                uninterrupted(release);
            }
            return applied(scans);
        });
        var late = executor.submit(() -> reporter.report(hung, () -> true));
        await().until(() -> requestsWith(hung) == 1);

        reportAll(reporter, 20);

        assertThat(late.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
        assertThat(requestsWith(hung)).isEqualTo(2);
    }

    @Test
    void slow_answers_to_half_of_the_requests_do_not_delay_the_other_half() throws Exception {
        var reporter = reporter(Time.REAL, Map.of("late", "50ms", "max-reports", "1", "concurrency", "4"));
        var count = new AtomicInteger();
        api.answer(scans -> {
            if (count.getAndIncrement() % 2 == 0) {
                uninterrupted(release);
            }
            return applied(scans);
        });

        var all = inBackground(reporter, 24);

        await().until(() -> all.stream().filter(Future::isDone).count() == 12);
        release.countDown();
        assertApplied(all);
    }

    @Test
    void a_burst_of_5xx_delays_reports_and_loses_and_doubles_none() throws Exception {
        var reporter = reporter(Time.REAL, Map.of());
        var failures = new AtomicInteger(60);
        api.answer(scans ->
                failures.getAndDecrement() > 0 ? FakeInsightsApi.status(500 + failures.get() % 4) : applied(scans));

        reportAll(reporter, 100);

        assertThat(applied).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void a_token_that_is_refused_costs_no_report_and_the_next_one_is_taken_up_by_itself() throws Exception {
        var reporter = reporter(Time.REAL, Map.of());
        api.answer(scans -> api.tokens().getLast().equals("Bearer new") ? applied(scans) : FakeInsightsApi.status(401));
        var all = inBackground(reporter, 20);
        await().until(() -> api.requests().size() > 4);

        Files.writeString(directory.resolve("token"), "new");

        assertApplied(all);
        assertThat(applied).hasSize(20).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void nobody_calls_before_the_time_the_api_asked_for_has_passed(int status) throws Exception {
        var time = TestTime.standing();
        var reporter = reporter(time, Map.of());
        var first = new AtomicInteger(1);
        api.answer(scans ->
                first.getAndDecrement() > 0 ? new Answer(status, Map.of("Retry-After", "60"), "") : applied(scans));
        var one = executor.submit(() -> reporter.report(Reporters.report(), () -> true));
        await().until(() -> time.sleepers() == 1);
        var others = inBackground(reporter, 5);
        await().until(() -> time.sleepers() == 2);

        time.pass(Duration.ofMillis(59_999));
        await().during(Duration.ofMillis(200)).until(() -> api.requests().size() == 1);

        time.pass(Duration.ofMillis(1));
        assertThat(one.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
        assertApplied(others);
    }

    @Test
    void a_date_to_wait_for_is_waited_for() throws Exception {
        var time = TestTime.standing();
        var reporter = reporter(time, Map.of());
        var first = new AtomicInteger(1);
        var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(62).atOffset(ZoneOffset.UTC));
        api.answer(scans ->
                first.getAndDecrement() > 0 ? new Answer(503, Map.of("Retry-After", date), "") : applied(scans));
        var report = executor.submit(() -> reporter.report(Reporters.report(), () -> true));
        await().until(() -> time.sleepers() == 1);

        time.pass(Duration.ofSeconds(55));
        await().during(Duration.ofMillis(200)).until(() -> api.requests().size() == 1);

        time.pass(Duration.ofSeconds(7));
        assertThat(report.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
    }

    @Test
    void an_hour_of_503_keeps_every_report_and_gives_none_up() throws Exception {
        var time = TestTime.flying();
        var reporter = reporter(time, Map.of("backoff", "200ms", "max-backoff", "15s"));
        var hour = Duration.ofHours(1).toNanos();
        api.answer(scans -> time.nanos() < hour ? FakeInsightsApi.status(503) : applied(scans));

        reportAll(reporter, 50);

        assertThat(api.requests()).hasSizeGreaterThan(240);
        assertThat(applied).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void a_connection_that_is_reset_within_the_answer_costs_one_more_request() throws Exception {
        var report = Reporters.report();
        var answer = FakeInsightsApi.outcomes(List.of(report.scanId()), ReportOutcome.Kind.REPLAYED);
        try (var door = new ResettingDoor(answer.body())) {
            var reporter = reporter(door.url(), Time.REAL, Map.of());

            assertThat(reporter.report(report, () -> true).kind()).isEqualTo(ReportOutcome.Kind.REPLAYED);
            assertThat(door.resets()).isEqualTo(3);
        }
    }

    @Test
    void who_waits_for_a_busy_scope_or_for_a_better_time_keeps_no_place() throws Exception {
        var time = TestTime.standing();
        var reporter = reporter(time, Map.of("concurrency", "1", "max-reports", "1"));
        var busy = Reporters.report();
        var unlucky = Reporters.report();
        api.answer(scans -> {
            if (scans.contains(busy.scanId())) {
                return FakeInsightsApi.outcomes(scans, ReportOutcome.Kind.BUSY);
            }
            return scans.contains(unlucky.scanId()) ? FakeInsightsApi.status(503) : applied(scans);
        });
        executor.submit(() -> reporter.report(busy, () -> true));
        executor.submit(() -> reporter.report(unlucky, () -> true));
        await().until(() -> time.sleepers() == 2);

        reportAll(reporter, 20);

        assertThat(time.sleepers()).isEqualTo(2);
    }

    @Test
    void a_large_report_goes_alone_and_small_ones_do_not_wait_for_it() throws Exception {
        var settings = Map.of("large.from", "1KB", "concurrency", "1", "late", "10s");
        var reporters = start(api.url(), Time.REAL, settings);
        var large = large(reporters.spool());
        var failures = new AtomicInteger(2);
        api.answer(scans -> {
            if (!scans.contains(large.scanId())) {
                return applied(scans);
            }
            uninterrupted(release);
            return failures.getAndDecrement() > 0 ? FakeInsightsApi.status(502) : applied(scans);
        });
        var late = executor.submit(() -> reporters.reporter().report(large, () -> true));
        await().until(() -> requestsWith(large) == 1);

        reportAll(reporters.reporter(), 20);
        assertThat(late).isNotDone();
        release.countDown();

        assertThat(late.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
        assertThat(api.requests())
                .filteredOn(scans -> scans.contains(large.scanId()))
                .containsOnly(List.of(large.scanId()));
        assertThat(api.lines()).filteredOn(CheckResult.class::isInstance).hasSize(3 * 1_000);
        assertThat(reporters.spool().onDisk()).isZero();
    }

    @Test
    void a_large_report_that_the_api_finds_too_large_is_rejected() throws Exception {
        var reporters = start(api.url(), Time.REAL, Map.of("large.from", "1KB"));
        api.answer(scans -> FakeInsightsApi.status(413));

        var outcome = reporters.reporter().report(large(reporters.spool()), () -> true);

        assertThat(outcome.kind()).isEqualTo(ReportOutcome.Kind.REJECTED);
        assertThat(reporters.spool().onDisk()).isZero();
    }

    private static FinishedReport large(Spool spool) throws IOException {
        try (var report = spool.open()) {
            for (var i = 0; i < 1_000; i++) {
                report.add(CheckResult.pass(new CheckId("dns.spf"), "host-%d.example.org".formatted(i)));
            }
            return report.finish(Reporters.header());
        }
    }

    private Reporter reporter(Time time, Map<String, String> settings) throws IOException {
        return reporter(api.url(), time, settings);
    }

    private Reporter reporter(URI url, Time time, Map<String, String> settings) throws IOException {
        return start(url, time, settings).reporter();
    }

    private Reporters start(URI url, Time time, Map<String, String> settings) throws IOException {
        var token = Files.writeString(directory.resolve("token"), "token");
        var reporters = Reporters.to(url, token, settings, time);
        started.add(reporters);
        return reporters;
    }

    private Answer applied(List<UUID> scans) {
        applied.addAll(scans);
        return FakeInsightsApi.applied(scans);
    }

    private long requestsWith(FinishedReport report) {
        return api.requests().stream()
                .filter(scans -> scans.contains(report.scanId()))
                .count();
    }

    private void reportAll(Reporter reporter, int count) throws Exception {
        assertApplied(inBackground(reporter, count));
    }

    private List<Future<ReportOutcome>> inBackground(Reporter reporter, int count) {
        return IntStream.range(0, count)
                .<Future<ReportOutcome>>mapToObj(
                        i -> executor.submit(() -> reporter.report(Reporters.report(), () -> true)))
                .toList();
    }

    private static void assertApplied(List<Future<ReportOutcome>> outcomes) throws Exception {
        for (var outcome : outcomes) {
            assertThat(outcome.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
        }
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
