package outrider.checker.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.context.ConfigurableApplicationContext;
import outrider.insight.CheckId;
import outrider.scan.CheckResult;
import outrider.scan.JobHeaders;
import outrider.scan.Lane;
import outrider.scan.ReportHeader;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.trace.Traces;

/// The checker's hops of a scan's trace: from the record through the job into the report.
class ScanTraceTest {
    static CheckerFixture fixture;
    static ConfigurableApplicationContext replica;
    static InMemorySpanExporter spans;

    final String trace = TraceId.fromLongs(ThreadLocalRandom.current().nextLong(), 7);
    final String parent = SpanId.fromLong(42);

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        fixture = new CheckerFixture(directory);
        replica = fixture.start();
        spans = replica.getBean(InMemorySpanExporter.class);
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @BeforeEach
    void succeed() {
        replica.getBean(ScriptedScanner.class).script(ScriptedScanner::passed);
    }

    @Test
    void a_job_goes_on_with_the_trace_of_its_record_and_hands_it_to_its_report() {
        var scan = publish("01");

        var process = spans("scan process", 1).getFirst();
        assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(process.getParentSpanId()).isEqualTo(parent);
        assertThat(process.getStatus()).isEqualTo(StatusData.unset());
        assertThat(process.getAttributes().asMap())
                .containsEntry(Traces.SCAN, scan.scanId().toString())
                .containsEntry(Traces.LANE, "fast")
                .containsEntry(Traces.ATTEMPT, 1L)
                .containsEntry(Traces.OUTCOME, "applied")
                .doesNotContainValue(scan.name());
        var report = spans("scan report", 1).getFirst();
        assertThat(report.getParentSpanId()).isEqualTo(process.getSpanId());
        assertThat(traceparent(scan)).isEqualTo("00-%s-%s-01".formatted(trace, process.getSpanId()));
        assertThat(fixture.api.traceparents()).isNotEmpty().allMatch(sent -> sent.startsWith("00-"));
    }

    @Test
    void what_could_not_be_told_is_an_error() {
        replica.getBean(ScriptedScanner.class)
                .script((scan, report) ->
                        report.add(CheckResult.error(new CheckId("dns.spf"), scan.name(), "timed out")));

        publish("01");

        assertThat(spans("scan process", 1).getFirst().getStatus())
                .isEqualTo(StatusData.create(StatusData.error().getStatusCode(), "could not tell in 1 results"));
    }

    @Test
    void each_attempt_of_a_scan_that_crashes_is_an_error_in_the_same_trace() {
        replica.getBean(ScriptedScanner.class).script((scan, report) -> {
            throw new IllegalStateException("crashed");
        });

        var scan = publish("01");

        await().atMost(SOON).until(() -> fixture.outcomes(scan).equals(List.of(ScanOutcome.Kind.DEAD)));
        assertThat(spans("scan process", 3)).allSatisfy(attempt -> {
            assertThat(attempt.getParentSpanId()).isEqualTo(parent);
            assertThat(attempt.getStatus().getStatusCode())
                    .isEqualTo(StatusData.error().getStatusCode());
        });
        assertThat(spans("scan process", 3).stream()
                        .map(attempt -> attempt.getAttributes().get(Traces.OUTCOME)))
                .containsExactlyInAnyOrder("retried", "retried", "dead");
    }

    @Test
    void a_trace_that_is_not_recorded_still_reaches_the_report_and_the_log() {
        var logged = new String[1];
        replica.getBean(ScriptedScanner.class).script((scan, report) -> {
            logged[0] = MDC.get("traceId");
            ScriptedScanner.passed(scan, report);
        });

        var scan = publish("00");

        assertThat(traceparent(scan)).startsWith("00-" + trace).endsWith("-00");
        assertThat(logged[0]).isEqualTo(trace);
        assertThat(recorded("scan process")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "00-00000000000000000000000000000000-0000000000000000-01", "\0\n", "00-é"})
    void a_malformed_traceparent_of_a_record_is_ignored(String malformed) {
        var scan = fixture.publish(Lane.FAST, "example.org", JobHeaders.TRACEPARENT, malformed);

        await().atMost(SOON).until(() -> fixture.outcomes(scan).equals(List.of(ScanOutcome.Kind.REPORTED)));
        assertThat(traceparent(scan)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]");
    }

    private ScanJob publish(String flags) {
        return fixture.publish(
                Lane.FAST, "example.org", JobHeaders.TRACEPARENT, "00-%s-%s-%s".formatted(trace, parent, flags));
    }

    private List<SpanData> spans(String name, int count) {
        return await().atMost(SOON).until(() -> recorded(name), found -> found.size() == count);
    }

    private List<SpanData> recorded(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name) && span.getTraceId().equals(trace))
                .toList();
    }

    private static String traceparent(ScanJob scan) {
        return await().atMost(SOON)
                .until(
                        () -> fixture.api.lines().stream()
                                .filter(line -> line instanceof ReportHeader header
                                        && header.scanId().equals(scan.scanId()))
                                .map(line -> String.valueOf(((ReportHeader) line).traceparent()))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }
}
