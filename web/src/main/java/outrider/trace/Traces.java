package outrider.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Begins the spans of a scan, whose trace travels as W3C `traceparent`: in the record of its job, in its
/// report, and in requests.
public final class Traces {

    /// The name of the header.
    public static final String TRACEPARENT = "traceparent";

    // What OpenTelemetry's semantic conventions have no name for is called `outrider.…`.
    public static final AttributeKey<String> SCAN = AttributeKey.stringKey("outrider.scan.id");
    public static final AttributeKey<String> CHECKER = AttributeKey.stringKey("outrider.checker");
    public static final AttributeKey<String> LANE = AttributeKey.stringKey("outrider.lane");
    public static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("outrider.attempt");
    public static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outrider.outcome");
    public static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");
    public static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    public static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");

    private final Tracer tracer;

    public Traces(OpenTelemetry telemetry) {
        tracer = telemetry.getTracer("outrider");
    }

    /// A span below the current one; where there is none, the first of a new trace.
    public SpanBuilder span(String name, SpanKind kind) {
        return tracer.spanBuilder(name).setSpanKind(kind);
    }

    /// A span that goes on with the trace of a `traceparent`. A malformed one counts as none.
    public SpanBuilder span(String name, SpanKind kind, @Nullable String traceparent) {
        var parent = W3CTraceContextPropagator.getInstance().extract(Context.current(), traceparent, Getter.IT);
        return span(name, kind).setParent(parent);
    }

    /// The span of one record that is sent to a topic, or of the work on one that was read from it.
    public SpanBuilder record(String name, SpanKind kind, String topic, @Nullable String traceparent) {
        var sends = kind == SpanKind.PRODUCER;
        return span(name, kind, traceparent)
                .setAttribute(SYSTEM, "kafka")
                .setAttribute(OPERATION, sends ? "publish" : "process")
                .setAttribute(OPERATION_TYPE, sends ? "send" : "process")
                .setAttribute(TOPIC, topic);
    }

    /// What others need to go on with the trace of this span (W3C Trace Context, section 3.2); null when it has none.
    public static @Nullable String traceparent(Span span) {
        var context = span.getSpanContext();
        return context.isValid()
                ? "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                        + context.getTraceFlags().asHex()
                : null;
    }

    private enum Getter implements TextMapGetter<String> {
        IT;

        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String traceparent, String key) {
            return key.equals(TRACEPARENT) ? traceparent : null;
        }
    }
}
