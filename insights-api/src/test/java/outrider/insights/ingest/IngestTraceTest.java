package outrider.insights.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.insights.TestApi;
import outrider.trace.Traces;

/// The last hop of a scan's trace: from the report into the database.
class IngestTraceTest {

    private static final InMemorySpanExporter SPANS = TestApi.APPLICATION.getBean(InMemorySpanExporter.class);

    private final TestScope scope = new TestScope();
    private final TestScope other = new TestScope();
    private final String parent = SpanId.fromLong(42);
    private final String request = trace();

    @Test
    void each_report_of_a_request_goes_on_with_the_trace_of_its_scan() {
        var one = trace();
        var another = trace();

        send(scope.scan().within(sampled(one)).fail("lab.alpha", "a", "1").ndjson()
                + other.scan()
                        .within(sampled(another))
                        .fail("lab.alpha", "a", "1")
                        .ndjson());

        var ingest = ingest(one);
        assertThat(ingest.getParentSpanId()).isEqualTo(parent);
        assertThat(ingest.getAttributes().get(Traces.OUTCOME)).isEqualTo("applied");
        assertThat(ingest.getAttributes().get(AttributeKey.longKey("outrider.rows.opened")))
                .isOne();
        assertThat(ingest.getLinks())
                .extracting(link -> link.getSpanContext().getTraceId())
                .containsExactly(request);
        assertThat(ingest(another).getAttributes().get(Traces.OUTCOME)).isEqualTo("applied");
    }

    @Test
    void a_report_that_is_refused_says_so_in_its_trace() {
        var trace = trace();

        var answer = send(
                scope.scan().within(sampled(trace)).pass("other.gamma", "a").ndjson());

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().at("/trace_id").asString()).isEqualTo(request);
        assertThat(ingest(trace).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(ingest(trace).getStatus().getDescription()).contains("other.gamma");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "00-00000000000000000000000000000000-0000000000000000-01", "\0\n"})
    void a_malformed_traceparent_of_a_report_is_ignored(String malformed) {
        var answer =
                send(scope.scan().within(malformed).fail("lab.alpha", "a", "1").ndjson());

        assertThat(answer.body().at("/items/0/kind").asString()).isEqualTo("applied");
        assertThat(ingest(request).getAttributes().get(Traces.OUTCOME)).isEqualTo("applied");
    }

    @Test
    void probes_leave_no_trace() {
        var probe = TestApi.request("/actuator/health/readiness", TestApi.token(null))
                .header("traceparent", sampled(request));

        TestApi.send(probe.GET());
        send(scope.scan().fail("lab.alpha", "a", "1").ndjson());

        ingest(request);
        await().untilAsserted(() -> assertThat(SPANS.getFinishedSpanItems())
                .filteredOn(span -> span.getTraceId().equals(request))
                .extracting(SpanData::getName)
                .containsExactlyInAnyOrder("scan ingest", "insights.apply_reports", "http post /v1/reports"));
    }

    private TestApi.Answer send(String body) {
        return TestApi.report(body.getBytes(UTF_8), TestApi.token(null), "traceparent", sampled(request));
    }

    private String sampled(String trace) {
        return "00-%s-%s-01".formatted(trace, parent);
    }

    private static String trace() {
        return TraceId.fromLongs(ThreadLocalRandom.current().nextLong(), 7);
    }

    private static SpanData ingest(String trace) {
        return await().until(
                        () -> SPANS.getFinishedSpanItems().stream()
                                .filter(span -> span.getName().equals("scan ingest")
                                        && span.getTraceId().equals(trace))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }
}
