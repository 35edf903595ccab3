package outrider.checker.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
import outrider.scan.ReportOutcome;

class ReporterTest {

    @TempDir
    Path directory;

    Path token;
    FakeInsightsApi api;
    Reporters reporters;
    Reporter reporter;
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void start() throws IOException {
        token = Files.writeString(directory.resolve("token"), "first\n");
        api = new FakeInsightsApi();
        reporters = Reporters.to(api.url(), token, Map.of());
        reporter = reporters.reporter();
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
        reporters.close();
        api.close();
    }

    @Test
    void reports_that_finish_together_share_a_request() throws Exception {
        var outcomes = reportAll(10);

        assertThat(outcomes).allMatch(outcome -> outcome.kind() == ReportOutcome.Kind.APPLIED);
        assertThat(api.requests().size()).isLessThan(5);
        assertThat(reporters
                        .meters()
                        .counter("outrider.reports", "outcome", "applied")
                        .count())
                .isEqualTo(10);
    }

    @Test
    void the_api_is_told_how_long_its_answer_is_waited_for() throws Exception {
        reportAll(1);

        assertThat(api.budgets()).containsExactly("PT10S");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 408, 429, 500, 503})
    void trouble_keeps_the_report_until_it_is_over(int status) throws Exception {
        var failures = new AtomicInteger(3);
        api.answer(scans ->
                failures.getAndDecrement() > 0 ? FakeInsightsApi.status(status) : FakeInsightsApi.applied(scans));
        var heard = new StringBuffer();
        reporters.upstream().listen(hear(heard));

        var outcome = reporter.report(Reporters.report(), () -> true);

        assertThat(outcome.kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
        assertThat(api.requests()).hasSize(4);
        assertThat(heard).hasToString("trouble well ");
    }

    @Test
    void picks_up_a_rotated_token() throws Exception {
        api.answer(scans -> api.tokens().getLast().equals("Bearer second")
                ? FakeInsightsApi.applied(scans)
                : FakeInsightsApi.status(401));
        var outcome = CompletableFuture.supplyAsync(() -> uninterrupted(Reporters.report()));
        await().until(() -> api.requests().size() > 1);

        Files.writeString(token, "second");

        assertThat(outcome.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void one_bad_report_does_not_take_the_others_with_it(int status) throws Exception {
        var bad = Reporters.report();
        api.answer(scans ->
                scans.contains(bad.scanId()) ? FakeInsightsApi.status(status) : FakeInsightsApi.applied(scans));

        var good = inBackground(9);
        var refused = reporter.report(bad, () -> true);

        assertThat(refused.kind()).isEqualTo(ReportOutcome.Kind.REJECTED);
        assertThat(refused.why()).contains(Integer.toString(status), "as told");
        for (var outcome : good) {
            assertThat(outcome.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
        }
    }

    @Test
    void a_busy_scope_is_asked_again() throws Exception {
        var busy = new AtomicInteger(2);
        api.answer(scans -> FakeInsightsApi.outcomes(
                scans, busy.getAndDecrement() > 0 ? ReportOutcome.Kind.BUSY : ReportOutcome.Kind.UNCHANGED));

        assertThat(reporter.report(Reporters.report(), () -> true).kind()).isEqualTo(ReportOutcome.Kind.UNCHANGED);
    }

    @Test
    void one_slow_answer_delays_no_other() throws Exception {
        var slow = Reporters.report();
        var release = new CountDownLatch(1);
        api.answer(scans -> {
            if (scans.contains(slow.scanId())) {
                waitFor(release);
            }
            return FakeInsightsApi.applied(scans);
        });
        var late = CompletableFuture.supplyAsync(() -> uninterrupted(slow));
        await().until(() -> api.requests().size() == 1);

        assertThat(reporter.report(Reporters.report(), () -> true).kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
        assertThat(late).isNotDone();
        release.countDown();
        assertThat(late.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
    }

    @Test
    void what_is_no_longer_ours_is_not_sent() throws Exception {
        var ours = new AtomicBoolean(true);
        api.answer(scans -> {
            ours.set(false);
            return FakeInsightsApi.status(503);
        });

        assertThatThrownBy(() -> reporter.report(Reporters.report(), ours::get))
                .isInstanceOf(InterruptedException.class);
        assertThat(api.requests()).hasSize(1);
    }

    @Test
    void backs_off_further_each_time_up_to_a_limit_and_never_less_than_asked() {
        var backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

        assertThat(IntStream.of(0, 1, 2, 3, 10, 100)
                        .mapToObj(failures -> backoff.delay(failures, null, 1.0).toMillis()))
                .containsExactly(100L, 200L, 400L, 800L, 2000L, 2000L);
        assertThat(backoff.delay(0, null, 0.0)).hasMillis(50);
        assertThat(backoff.delay(0, Duration.ofSeconds(9), 1.0)).hasSeconds(9);
    }

    private List<ReportOutcome> reportAll(int count) throws Exception {
        var outcomes = new ArrayList<ReportOutcome>();
        for (var outcome : inBackground(count)) {
            outcomes.add(outcome.get());
        }
        return outcomes;
    }

    private List<Future<ReportOutcome>> inBackground(int count) {
        return IntStream.range(0, count)
                .<Future<ReportOutcome>>mapToObj(
                        i -> executor.submit(() -> reporter.report(Reporters.report(), () -> true)))
                .toList();
    }

    private ReportOutcome uninterrupted(FinishedReport report) {
        try {
            return reporter.report(report, () -> true);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Upstream.Listener hear(StringBuffer heard) {
        return new Upstream.Listener() {
            @Override
            public void inTrouble(String why, Duration lease) {
                if (!heard.toString().endsWith("trouble ")) {
                    heard.append("trouble ");
                }
            }

            @Override
            public void wellAgain() {
                heard.append("well ");
            }
        };
    }
}
