package outrider.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.scan.JobHeaders;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.Wire;
import outrider.scheduler.Http;
import outrider.scheduler.TestScheduler;
import outrider.scheduler.Topic;
import outrider.trace.Traces;

/// The first hop of a scan's trace: from the request or the tick into the record.
class JobTraceTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final TestScheduler scheduler = TestScheduler.byHand();
    private final InMemorySpanExporter spans = scheduler.bean(InMemorySpanExporter.class);
    private UUID asset;

    @BeforeEach
    void start() {
        Instant now = scheduler.clock().instant();
        asset = scheduler.asset(scheduler.account("pro"), "a.example", now);
    }

    @Test
    void each_scan_that_is_due_begins_a_trace_of_its_own() {
        scheduler.bean(ScanTicker.class).tick();

        var jobs = jobs();
        assertThat(jobs).hasSize(TestScheduler.checkers()).allSatisfy(job -> {
            var span = publication(job);
            assertThat(span.getKind()).isEqualTo(SpanKind.PRODUCER);
            assertThat(span.getParentSpanContext().isValid()).isFalse();
            assertThat(traceparent(job)).isEqualTo("00-%s-%s-03".formatted(span.getTraceId(), span.getSpanId()));
            assertThat(span.getAttributes().asMap())
                    .containsEntry(Traces.TOPIC, job.topic())
                    .containsEntry(Traces.OFFSET, job.offset())
                    .doesNotContainValue("a.example");
        });
        assertThat(jobs.stream().map(JobTraceTest::traceparent).distinct()).hasSameSizeAs(jobs);
    }

    @Test
    void a_scan_on_demand_goes_on_with_the_trace_of_its_request() {
        order(scheduler.http().within("00-" + TRACE + "-00f067aa0ba902b7-01"));

        var job = jobs().getFirst();
        assertThat(traceparent(job)).startsWith("00-" + TRACE).doesNotContain("00f067aa0ba902b7");
        assertThat(publication(job).getTraceId()).isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "00-" + TRACE + "-0000000000000000-01",
                "00-" + TRACE + "-00f067aa0ba902b7-01-more",
                "ff-" + TRACE + "-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
            })
    void a_malformed_traceparent_of_a_request_is_ignored(String malformed) {
        order(scheduler.http().within(malformed));

        assertThat(traceparent(jobs().getFirst()))
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-03")
                .doesNotContainIgnoringCase(TRACE);
    }

    private void order(Http http) {
        assertThat(http.post("/v1/scans", "{'asset_id':'%s','checkers':['alpha']}".formatted(asset))
                        .status())
                .isEqualTo(202);
    }

    private SpanData publication(ConsumerRecord<String, byte[]> job) {
        var scan = Wire.read(job.value(), ScanJob.class).scanId().toString();
        return await().until(
                        () -> spans.getFinishedSpanItems().stream()
                                .filter(span -> span.getName().equals("scan publish")
                                        && scan.equals(span.getAttributes().get(Traces.SCAN)))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    private List<ConsumerRecord<String, byte[]>> jobs() {
        return Stream.of(Lane.values())
                .flatMap(lane -> Topic.read(lane.topic()).stream())
                .filter(record -> record.key().equals(asset.toString()))
                .toList();
    }

    private static String traceparent(ConsumerRecord<String, byte[]> job) {
        return Topic.header(job.headers(), JobHeaders.TRACEPARENT);
    }
}
