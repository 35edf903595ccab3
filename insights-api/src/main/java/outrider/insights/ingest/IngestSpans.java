package outrider.insights.ingest;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import outrider.scan.ReportHeader;
import outrider.scan.ReportOutcome;
import outrider.trace.Traces;

/// A span for each report of a request while it is written, and one below it for the database function that writes
/// it. They go on with the trace of the report's scan, and link to the request, which several scans share.
final class IngestSpans implements AutoCloseable {

    private final List<Span> spans;
    private final List<Span> calls;
    private boolean answered;

    private IngestSpans(List<Span> spans, List<Span> calls) {
        this.spans = spans;
        this.calls = calls;
    }

    static IngestSpans begin(Traces traces, List<Incoming> reports) {
        var spans =
                reports.stream().map(report -> begin(traces, report.header())).toList();
        var calls = new ArrayList<Span>();
        for (var i = 0; i < spans.size(); i++) {
            if (spans.get(i).isRecording() && isWritten(reports.get(i))) {
                calls.add(call(traces, spans.get(i)));
            }
        }
        return new IngestSpans(spans, calls);
    }

    private static boolean isWritten(Incoming report) {
        return report instanceof Report || report instanceof LargeReport;
    }

    /// The call of the database, waiting for a connection included; all reports of a request share it.
    private static Span call(Traces traces, Span ingest) {
        return traces.span("insights.apply_reports", SpanKind.CLIENT)
                .setParent(Context.current().with(ingest))
                .setAttribute("db.system.name", "postgresql")
                .setAttribute("db.operation.name", "insights.apply_reports")
                .startSpan();
    }

    private static Span begin(Traces traces, ReportHeader header) {
        return traces.span("scan ingest", SpanKind.SERVER, header.traceparent())
                .addLink(Span.current().getSpanContext())
                .setAttribute(Traces.SCAN, header.scanId().toString())
                .setAttribute(Traces.CHECKER, header.checker())
                .startSpan();
    }

    /// Notes what became of each report, in their order.
    void answered(List<ReportOutcome> outcomes) {
        answered = true;
        for (var i = 0; i < outcomes.size(); i++) {
            if (spans.get(i).isRecording()) {
                note(spans.get(i), outcomes.get(i));
            }
        }
    }

    private static void note(Span span, ReportOutcome outcome) {
        span.setAttribute(Traces.OUTCOME, outcome.kind().id());
        var why = outcome.why();
        if (why != null) {
            span.setStatus(StatusCode.ERROR, why);
        }
        var counts = outcome.counts();
        rows(span, "opened", counts.opened());
        rows(span, "changed", counts.changed());
        rows(span, "reopened", counts.reopened());
        rows(span, "resolved", counts.resolved());
        rows(span, "unchanged", counts.unchanged());
    }

    private static void rows(Span span, String kind, int count) {
        span.setAttribute(AttributeKey.longKey("outrider.rows." + kind), count);
    }

    @Override
    public void close() {
        calls.forEach(Span::end);
        for (var span : spans) {
            if (!answered) {
                span.setStatus(StatusCode.ERROR, "could not be written");
            }
            span.end();
        }
    }
}
