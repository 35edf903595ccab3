package outrider.checker.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.report.FakeInsightsApi.Answer;
import outrider.scan.ReportOutcome;

/// A checker that knows the insights API of two regions.
class RegionsTest {

    @TempDir
    Path directory;

    private final TestTime time = TestTime.flying();
    private FakeInsightsApi near;
    private FakeInsightsApi next;
    private Reporters reporters;

    @BeforeEach
    void start() throws IOException {
        near = new FakeInsightsApi();
        next = new FakeInsightsApi();
        reporters = to(near.url(), next.url());
    }

    @AfterEach
    void stop() {
        reporters.close();
        near.close();
        next.close();
    }

    @Test
    void reports_go_to_the_nearest() throws Exception {
        report(3);

        assertThat(near.requests()).hasSize(3);
        assertThat(next.requests()).isEmpty();
        assertThat(inUse(near)).isEqualTo(1);
        assertThat(inUse(next)).isZero();
    }

    @Test
    void when_it_dies_reports_go_to_the_next_without_a_wait_and_return_when_it_is_back() throws Exception {
        near.close();
        report(3);
        assertThat(next.requests()).hasSize(3);
        assertThat(inUse(next)).isEqualTo(1);
        assertThat(reporters.meters().counter("outrider.report.trouble").count())
                .isZero();

        try (var back = new FakeInsightsApi(near.url().getPort())) {
            report(1);
            assertThat(back.requests()).isEmpty();

            time.pass(Reporters.PASS_OVER);
            report(2);
            assertThat(back.requests()).hasSize(2);
            assertThat(next.requests()).hasSize(4);
        }
    }

    @Test
    void an_answer_from_far_away_counts_and_the_next_report_goes_elsewhere() throws Exception {
        near.answer(marked("far", FakeInsightsApi::applied));

        report(3);

        assertThat(near.requests()).hasSize(1);
        assertThat(next.requests()).hasSize(2);
    }

    @Test
    void where_all_are_far_the_nearest_serves() throws Exception {
        near.answer(marked("far", FakeInsightsApi::applied));
        next.answer(marked("far", FakeInsightsApi::applied));

        report(10);

        assertThat(near.requests()).hasSize(9);
        assertThat(next.requests()).hasSize(1);
    }

    @Test
    void a_replica_that_lost_its_primary_is_passed_over_at_once() throws Exception {
        near.answer(marked("lost", _ -> problem(503)));

        report(2);

        assertThat(near.requests()).hasSize(1);
        assertThat(next.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void a_load_balancer_with_nobody_behind_it_is_passed_over(int status) throws Exception {
        near.answer(_ -> new Answer(status, Map.of("Content-Type", "text/html"), "<h1>Nobody is there</h1>"));

        report(2);

        assertThat(near.requests()).hasSize(1);
        assertThat(next.requests()).hasSize(2);
    }

    /// A busy primary is busy for every region.
    @Test
    void an_api_that_has_no_time_is_asked_again_and_no_other() throws Exception {
        near.answer(scans -> near.requests().size() < 3 ? problem(503) : FakeInsightsApi.applied(scans));

        report(1);

        assertThat(near.requests()).hasSize(3);
        assertThat(next.requests()).isEmpty();
    }

    @Test
    void a_single_request_tries_an_address_again() throws Exception {
        near.answer(marked("far", FakeInsightsApi::applied));
        report(1);
        time.pass(Reporters.PASS_OVER);
        var tried = new CountDownLatch(1);
        var hold = new CountDownLatch(1);
        near.answer(scans -> {
            tried.countDown();
            uninterrupted(hold);
            return FakeInsightsApi.applied(scans);
        });

        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var held = executor.submit(this::reportOne);
            tried.await();
            report(5);
            assertThat(next.requests()).hasSize(5);

            hold.countDown();
            assertThat(held.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
        }
        report(1);
        assertThat(near.requests()).hasSize(3);
    }

    @Test
    void while_all_are_away_they_take_turns_and_the_first_to_come_back_serves() throws Exception {
        near.close();
        next.close();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = executor.submit(this::reportOne);
            try (var back = new FakeInsightsApi(next.url().getPort())) {
                assertThat(waiting.get().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
                assertThat(back.requests()).hasSize(1);
            }
        }
    }

    /// Else nobody would hear of the trouble, and scans would go on being started.
    @Test
    void where_each_takes_longer_to_fail_than_it_is_passed_over_the_trouble_is_told() throws Exception {
        Function<List<UUID>, Answer> slow = scans -> {
            time.pass(Reporters.PASS_OVER.multipliedBy(2));
            return near.requests().size() + next.requests().size() > 4
                    ? FakeInsightsApi.applied(scans)
                    : new Answer(502, Map.of(), "");
        };
        near.answer(slow);
        next.answer(slow);

        report(1);

        assertThat(reporters.meters().counter("outrider.report.trouble").count())
                .isEqualTo(2);
    }

    /// Else a replica that came later would have nothing to do, and an address that a name no longer has would
    /// go on.
    @Test
    void no_connection_grows_old_in_constant_use() throws Exception {
        report(20);
        assertThat(near.connections()).isEqualTo(1);

        for (var age = 0; age < 3; age++) {
            time.pass(Reporters.CONNECTION_AGE);
            report(20);
        }

        assertThat(near.connections()).isEqualTo(4);
        assertThat(near.requests()).hasSize(80);
    }

    @Test
    void a_request_outlives_the_age_of_its_connection() throws Exception {
        var arrived = new CountDownLatch(1);
        var hold = new CountDownLatch(1);
        near.answer(scans -> {
            arrived.countDown();
            uninterrupted(hold);
            return FakeInsightsApi.applied(scans);
        });
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var held = executor.submit(this::reportOne);
            arrived.await();
            near.answer(FakeInsightsApi::applied);
            for (var age = 0; age < 3; age++) {
                time.pass(Reporters.CONNECTION_AGE);
                report(1);
            }
            hold.countDown();
            held.get();
        }
        assertThat(near.requests()).hasSize(4);
    }

    private Reporters to(URI... regions) throws IOException {
        var token = Files.writeString(directory.resolve("token"), "first\n");
        return Reporters.to(List.of(regions), token, Map.of("linger", "0ms"), time);
    }

    /// One after the other, each in a request of its own.
    private void report(int reports) throws InterruptedException {
        for (var i = 0; i < reports; i++) {
            assertThat(reportOne().kind()).isEqualTo(ReportOutcome.Kind.APPLIED);
        }
    }

    private ReportOutcome reportOne() throws InterruptedException {
        return reporters.reporter().report(Reporters.report(), () -> true);
    }

    private double inUse(FakeInsightsApi api) {
        return reporters
                .meters()
                .get("outrider.report.region.in.use")
                .tag("url", api.url().toString())
                .gauge()
                .value();
    }

    private static Function<List<UUID>, Answer> marked(String primary, Function<List<UUID>, Answer> behaviour) {
        return scans -> {
            var answer = behaviour.apply(scans);
            return new Answer(
                    answer.status(),
                    Map.of("primary", primary, "Content-Type", "application/problem+json"),
                    answer.body());
        };
    }

    private static Answer problem(int status) {
        return new Answer(
                status,
                Map.of("Content-Type", "application/problem+json", "Retry-After", "1"),
                "{\"detail\":\"as told\"}");
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
