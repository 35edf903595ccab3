package outrider.checker.scan;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;
import outrider.lanes.Job;
import outrider.lanes.JobHandler;
import outrider.lanes.Move;
import outrider.lanes.Settlement;
import outrider.scan.Lane;
import outrider.trace.Traces;

/// Puts a span around each job, from its start until its end is durable, which goes on with the trace that the
/// job was published in.
final class TracedScans implements JobHandler<ScanEnd> {
    private final ScanJobHandler scans;
    private final Traces traces;

    TracedScans(ScanJobHandler scans, Traces traces) {
        this.scans = scans;
        this.traces = traces;
    }

    private interface Step<R> {
        R take() throws Exception;
    }

    @Override
    public ScanEnd run(Job job) throws Exception {
        return within(job, () -> scans.run(job));
    }

    @Override
    public ScanEnd timedOut(Job job) throws Exception {
        return within(job, () -> scans.timedOut(job));
    }

    @Override
    public ScanEnd expired(Job job) throws Exception {
        return within(job, () -> scans.expired(job));
    }

    @Override
    public Settlement settle(Job job, ScanEnd end) throws Exception {
        var settlement = within(job, () -> scans.settle(job, end));
        switch (settlement) {
            case Settlement.Durable(var outcome) -> end(job, outcome, untold(end));
            case Settlement.Rejected _ -> {} // it becomes a dead letter, and then ends
        }
        return settlement;
    }

    @Override
    public void moved(Job job, Move move) throws Exception {
        try (var _ = span(job).makeCurrent()) {
            scans.moved(job, move);
        } finally {
            switch (move) {
                case Move.Retried(var cause, var _) ->
                    end(job, "retried", cause.getClass().getName());
                case Move.Dead(var reason) -> end(job, "dead", reason);
                case Move.HandedOff _ -> end(job, "handed_off", null);
                case Move.Republished _ -> end(job, "republished", null);
            }
        }
    }

    @Override
    public void measured(Job job, Runnable recording) {
        try (var _ = span(job).makeCurrent()) {
            recording.run();
        }
    }

    private static @Nullable String untold(ScanEnd end) {
        return end instanceof ScanEnd.Scanned scanned && scanned.untold() > 0
                ? "could not tell in %d results".formatted(scanned.untold())
                : null;
    }

    private <R> R within(Job job, Step<R> step) throws Exception {
        var span = span(job);
        try (var _ = span.makeCurrent()) {
            return step.take();
        } finally {
            // The lane says nothing more about a job that went to another member.
            if (!job.isCurrent()) {
                end(job, "lost", null);
            }
        }
    }

    private Span span(Job job) {
        return job.companion(Span.class).orElseGet(() -> {
            var span = begin(job);
            job.accompany(span);
            return span;
        });
    }

    private Span begin(Job job) {
        var traceparent = job.header(Traces.TRACEPARENT).orElse(null);
        return traces.record("scan process", SpanKind.CONSUMER, job.topic(), traceparent)
                .setAttribute(
                        "messaging.consumer.group.name", Lane.of(job.lane()).group())
                .setAttribute(Traces.PARTITION, Integer.toString(job.partition()))
                .setAttribute(Traces.OFFSET, job.offset())
                .setAttribute(Traces.LANE, job.lane())
                .setAttribute(Traces.ATTEMPT, (long) job.attempt())
                .startSpan();
    }

    private void end(Job job, String outcome, @Nullable String failure) {
        var span = span(job).setAttribute(Traces.OUTCOME, outcome);
        if (failure != null) {
            span.setStatus(StatusCode.ERROR, failure);
        }
        span.end();
    }
}
