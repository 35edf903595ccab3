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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
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
        var reporter = reporter(time, Map.of("backoff", "200ms", "max-backoff", "15s", "poisoned-backoff", "5m"));
        var hour = Duration.ofHours(1).toNanos();
        api.ready(503);
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

    @Test
    void when_no_report_is_in_hand_any_more_trouble_ends_by_asking_readiness_and_costs_no_report() throws Exception {
        var reporters = start(api.url(), Time.REAL, Map.of());
        var heard = heard(reporters.upstream());
        api.answer(scans -> FakeInsightsApi.status(503));
        api.ready(503);
        var ours = new AtomicBoolean(true);
        var lost = executor.submit(() -> reporters.reporter().report(Reporters.report(), ours::get));
        await().until(() -> heard.equals(List.of("trouble")));

        ours.set(false);
        await().until(lost::isDone);
        var requests = api.requests().size();
        await().until(() -> api.probes() >= 3);
        assertThat(heard).containsExactly("trouble");
        api.ready(200);

        await().until(() -> heard.equals(List.of("trouble", "well")));
        assertThat(api.requests()).hasSize(requests);
    }

    @Test
    void while_a_report_is_in_hand_readiness_is_not_asked_in_its_place() throws Exception {
        var reporters = start(api.url(), Time.REAL, Map.of());
        var heard = heard(reporters.upstream());
        api.answer(scans -> FakeInsightsApi.status(401));
        var late = executor.submit(() -> reporters.reporter().report(Reporters.report(), () -> true));
        await().until(() -> api.requests().size() >= 10);

        assertThat(api.probes()).isZero();
        assertThat(heard).containsExactly("trouble");
        api.answer(this::applied);
        assertThat(late.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
        assertThat(heard).containsExactly("trouble", "well");
    }

    @Test
    void a_large_report_that_is_accepted_ends_trouble_too() throws Exception {
        var reporters = start(api.url(), Time.REAL, Map.of("large.from", "1KB"));
        var heard = heard(reporters.upstream());
        api.ready(503);
        var ours = new AtomicBoolean(true);
        api.answer(scans -> FakeInsightsApi.status(503));
        var lost = executor.submit(() -> reporters.reporter().report(Reporters.report(), ours::get));
        await().until(() -> heard.equals(List.of("trouble")));
        ours.set(false);
        await().until(lost::isDone);
        api.answer(this::applied);

        reporters.reporter().report(large(reporters.spool()), () -> true);

        assertThat(heard).containsExactly("trouble", "well");
    }

    @Test
    void one_report_that_always_fails_delays_none_of_the_199_beside_it_and_is_given_up_in_time() throws Exception {
        var settings = Map.of("max-reports", "200", "linger", "500ms", "give-up-after", "2s");
        var reporters = start(api.url(), Time.REAL, settings);
        var heard = heard(reporters.upstream());
        var poisoned = Reporters.report();
        api.answer(scans -> scans.contains(poisoned.scanId()) ? FakeInsightsApi.status(500) : applied(scans));
        var bad = executor.submit(() -> reporters.reporter().report(poisoned, () -> true));

        assertApplied(inBackground(reporters.reporter(), 199));
        assertThat(applied).hasSize(199).doesNotHaveDuplicates();
        assertThat(api.requests()).anyMatch(scans -> scans.size() == 200);
        assertThat(bad).isNotDone();
        // Only what is accepted while it fails alone speaks against it.
        await().until(() -> {
            reportAll(reporters.reporter(), 1);
            return poisoned(reporters) == 1;
        });
        await().until(() -> heard.getLast().equals("well"));
        var before = heard.size();
        await().until(() -> {
            reportAll(reporters.reporter(), 1);
            return bad.isDone();
        });

        assertThat(heard).hasSize(before);
        assertThat(bad.get().kind()).isEqualTo(ReportOutcome.Kind.REJECTED);
        assertThat(bad.get().why()).contains("failed alone", "500", "as told");
        assertThat(poisoned(reporters)).isZero();
    }

    @Test
    void the_only_report_there_is_holds_nothing_when_it_fails_and_the_api_is_ready() throws Exception {
        var reporters = start(api.url(), Time.REAL, Map.of());
        var heard = heard(reporters.upstream());
        api.answer(scans -> FakeInsightsApi.status(500));

        var bad = executor.submit(() -> reporters.reporter().report(Reporters.report(), () -> true));

        await().until(() -> heard.equals(List.of("trouble", "well")));
        assertThat(bad).isNotDone();
    }

    @Test
    void during_an_outage_no_batch_is_taken_apart() throws Exception {
        var reporters = start(api.url(), Time.REAL, Map.of("linger", "200ms"));
        api.ready(503);
        api.answer(scans -> FakeInsightsApi.status(503));

        inBackground(reporters.reporter(), 10);

        await().until(() -> api.requests().size() >= 20);
        assertThat(api.requests()).allMatch(scans -> scans.size() == 10);
    }

    @Test
    void a_report_that_fails_alone_is_not_given_up_while_nothing_is_accepted() throws Exception {
        var reporters = start(api.url(), Time.REAL, Map.of("give-up-after", "100ms"));
        var poisoned = Reporters.report();
        api.answer(scans -> scans.contains(poisoned.scanId()) ? FakeInsightsApi.status(500) : applied(scans));
        var bad = executor.submit(() -> reporters.reporter().report(poisoned, () -> true));
        await().until(() -> requestsWith(poisoned) >= 2);
        reportAll(reporters.reporter(), 1);
        api.answer(scans -> FakeInsightsApi.status(500));
        await().until(() -> poisoned(reporters) == 1);
        await().until(() -> requestsWith(poisoned) >= 15);

        assertThat(bad).isNotDone();
        api.answer(this::applied);
        assertThat(bad.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
    }

    @Test
    void an_answer_that_stalls_within_its_body_is_given_up_and_sent_again() throws Exception {
        var report = Reporters.report();
        var answer = FakeInsightsApi.outcomes(List.of(report.scanId()), ReportOutcome.Kind.REPLAYED);
        try (var server = new StallingServer(answer.body())) {
            var reporter = reporter(server.url(), Time.REAL, Map.of("timeout", "1s"));

            assertThat(reporter.report(report, () -> true).kind()).isEqualTo(ReportOutcome.Kind.REPLAYED);
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret-1\nsecret-2", "secret\u0000", "sécret", "", "secret-1 secret-2"})
    void a_token_file_that_holds_no_token_costs_nothing_and_is_not_written_anywhere(String held) throws Exception {
        var log = CapturedLog.begin();
        var reporters = start(api.url(), Time.REAL, Map.of());
        Files.writeString(directory.resolve("token"), held);
        var heard = heard(reporters.upstream());
        var report = executor.submit(() -> reporters.reporter().report(Reporters.report(), () -> true));
        await().until(() -> heard.equals(List.of("trouble")));
        assertThat(report).isNotDone();
        Files.writeString(directory.resolve("token"), "good");

        assertThat(report.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
        assertThat(log.end()).contains("must hold one token").doesNotContain("secret", "sécret");
    }

    @Test
    void an_answer_that_quotes_the_token_does_not_bring_it_into_the_log() throws Exception {
        var log = CapturedLog.begin();
        var reporters = start(api.url(), Time.REAL, Map.of());
        Files.writeString(directory.resolve("token"), "very-secret");
        var failures = new AtomicInteger(2);
        api.answer(scans -> failures.getAndDecrement() > 0
                ? new Answer(502, Map.of(), "Authorization: " + api.tokens().getLast())
                : applied(scans));

        reporters.reporter().report(Reporters.report(), () -> true);

        assertThat(log.end()).contains("502").doesNotContain("very-secret");
    }

    @Test
    void a_failure_in_the_batching_of_reports_is_counted_and_ends_nothing() throws Exception {
        var time = new FaultyTime();
        var reporters = start(api.url(), time, Map.of());
        reportAll(reporters.reporter(), 3);
        time.failOnce();

        reportAll(reporters.reporter(), 20);

        assertThat(reporters
                        .meters()
                        .counter("outrider.report.restarts", "thread", "report-batcher")
                        .count())
                .isOne();
    }

    /// Time that fails once, with an error that nobody expects.
    private static final class FaultyTime implements Time {
        private final AtomicBoolean fails = new AtomicBoolean();

        void failOnce() {
            fails.set(true);
        }

        @Override
        public long nanos() {
            if (fails.getAndSet(false)) {
                throw new StackOverflowError("made up");
            }
            return Time.REAL.nanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Time.REAL.sleep(duration);
        }
    }

    private static double poisoned(Reporters reporters) {
        return reporters.meters().get("outrider.report.poisoned").gauge().value();
    }

    /// What is told of the API, without repetitions.
    private static List<String> heard(Upstream upstream) {
        var heard = new CopyOnWriteArrayList<String>();
        upstream.listen(new Upstream.Listener() {
            @Override
            public void inTrouble(String why, Duration lease) {
                if (heard.isEmpty() || !heard.getLast().equals("trouble")) {
                    heard.add("trouble");
                }
            }

            @Override
            public void wellAgain() {
                heard.add("well");
            }
        });
        return heard;
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
