package outrider.checker.scan;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import outrider.checker.check.ReportSink;
import outrider.checker.report.FinishedReport;
import outrider.checker.report.Reporter;
import outrider.checker.report.Spool;
import outrider.insight.CheckCatalog;
import outrider.lanes.Job;
import outrider.lanes.JobHandler;
import outrider.lanes.Move;
import outrider.lanes.PoisonJobException;
import outrider.lanes.Settlement;
import outrider.scan.CheckResult;
import outrider.scan.Lane;
import outrider.scan.MalformedWireException;
import outrider.scan.ReportHeader;
import outrider.scan.ReportOutcome;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.Wire;
import outrider.trace.Traces;

/// What a lane does with a scan: runs its checker, brings the report to the insights API, and tells the
/// scheduler.
final class ScanJobHandler implements JobHandler<ScanEnd> {
    private static final Logger LOG = LoggerFactory.getLogger(ScanJobHandler.class);

    private final Scanner scanner;
    private final CheckCatalog catalog;
    private final Spool spool;
    private final Reporter reporter;
    private final Outcomes outcomes;
    private final Traces traces;
    private final Clock clock;

    /// Looks at an asset and reports how it judges what it sees.
    interface Scanner {
        void run(ScanJob scan, ReportSink report) throws InterruptedException, IOException;
    }

    ScanJobHandler(
            Scanner scanner,
            CheckCatalog catalog,
            Spool spool,
            Reporter reporter,
            Outcomes outcomes,
            Traces traces,
            Clock clock) {
        this.scanner = scanner;
        this.catalog = catalog;
        this.spool = spool;
        this.reporter = reporter;
        this.outcomes = outcomes;
        this.traces = traces;
        this.clock = clock;
    }

    @Override
    public ScanEnd run(Job job) throws PoisonJobException, InterruptedException {
        var scan = decode(job);
        if (!catalog.checkers().containsKey(scan.checker())) {
            // While a fleet is upgraded, the scheduler may be ahead of this replica.
            return new ScanEnd.Expired(scan, "this release of the checkers has none of that name");
        }
        try (var _ = named(scan)) {
            if (job.lane().equals(Lane.INTERACTIVE.id())) {
                outcomes.began(job, scan);
            }
            return scanned(job, scan);
        }
    }

    private ScanEnd scanned(Job job, ScanJob scan) throws InterruptedException {
        var started = clock.instant();
        try (var report = spool.open()) {
            scanner.run(scan, report::add);
            var header = header(scan, started);
            return ScanEnd.Scanned.of(scan, header, report.finish(header), report.results(), report.untold());
        } catch (IOException e) {
            LOG.error("The report of {}, {}, could not be kept", job, job.label(), e);
            return failed(scan, started, "what the scan found could not be kept: " + e.getMessage());
        }
    }

    @Override
    public ScanEnd timedOut(Job job) throws PoisonJobException {
        var scan = decode(job);
        var why = "the scan exceeded its hard budget and was stopped after %d seconds"
                .formatted(Duration.between(job.admittedAt(), clock.instant()).toSeconds());
        return failed(scan, job.admittedAt(), why);
    }

    @Override
    public ScanEnd expired(Job job) throws PoisonJobException {
        return new ScanEnd.Expired(decode(job), null);
    }

    @Override
    public Settlement settle(Job job, ScanEnd end) throws InterruptedException {
        try (var _ = named(end.scan())) {
            var settlement = switch (end) {
                case ScanEnd.Expired(var scan, var why) -> {
                    outcomes.ended(job, scan, ScanOutcome.Kind.EXPIRED, 0, why);
                    yield new Settlement.Durable("expired");
                }
                case ScanEnd.Scanned scanned -> report(job, scanned);
            };
            LOG.debug("The scan {} ended: {}", job.label(), settlement);
            return settlement;
        }
    }

    /// Whatever this thread logs meanwhile belongs to that scan.
    private static MDC.MDCCloseable named(ScanJob scan) {
        return MDC.putCloseable("scanId", scan.scanId().toString());
    }

    private Settlement report(Job job, ScanEnd.Scanned scanned) throws InterruptedException {
        var answer = answer(job, scanned.report());
        return switch (answer.kind()) {
            case APPLIED, UNCHANGED, REPLAYED -> {
                outcomes.reported(job, scanned.scan(), scanned.millis(), scanned.toldNothing());
                yield new Settlement.Durable(answer.kind().id());
            }
            case SUPERSEDED -> {
                outcomes.ended(job, scanned.scan(), ScanOutcome.Kind.SUPERSEDED, scanned.millis(), null);
                yield new Settlement.Durable(answer.kind().id());
            }
            case REJECTED -> new Settlement.Rejected("the insights API refused the report: " + answer.why());
            case BUSY -> throw new IllegalStateException("the reporter asks again by itself while a scope is busy");
        };
    }

    private ReportOutcome answer(Job job, FinishedReport report) throws InterruptedException {
        var span = traces.span("scan report", SpanKind.INTERNAL).startSpan();
        try {
            var answer = reporter.report(report, job::isCurrent);
            span.setAttribute(Traces.OUTCOME, answer.kind().id());
            return answer;
        } finally {
            span.end();
        }
    }

    @Override
    public void moved(Job job, Move move) throws InterruptedException {
        switch (move) {
            case Move.Dead(var reason) -> dead(job, reason);
            case Move.Retried(var cause, var to) ->
                moved(
                        job,
                        job.lane(),
                        to,
                        "attempt %d failed: %s"
                                .formatted(job.attempt(), cause.getClass().getName()));
            case Move.HandedOff(var lane, var to) -> moved(job, lane, to, "it used up its soft budget");
            case Move.Republished(var lane, var to) -> moved(job, lane, to, null);
        }
    }

    /// The scan is not over: who takes it up will tell how it ends.
    private void moved(Job job, String lane, Move.Place to, @Nullable String why) throws InterruptedException {
        try {
            outcomes.moved(job, decode(job), Lane.of(lane), to, why);
        } catch (PoisonJobException e) {
            // Nobody knows which scan it was meant to be.
        }
    }

    private void dead(Job job, String reason) throws InterruptedException {
        try {
            outcomes.ended(job, decode(job), ScanOutcome.Kind.DEAD, 0, reason);
        } catch (PoisonJobException e) {
            // Nobody knows which scan it was meant to be.
        }
    }

    /// A scan that came to nothing: each of its checks could not tell.
    private ScanEnd failed(ScanJob scan, Instant started, String why) {
        var results = catalog.checksOf(scan.checker()).stream()
                .map(check -> CheckResult.error(check.id(), scan.name(), why))
                .toList();
        var header = header(scan, started);
        return ScanEnd.Scanned.of(scan, header, FinishedReport.of(header, results), results.size(), results.size());
    }

    private ReportHeader header(ScanJob scan, Instant started) {
        var now = clock.instant();
        // A clock that was set back must not make a report that ends before it begins.
        var finished = now.isBefore(started) ? started : now;
        return new ReportHeader(
                scan.scanId(),
                scan.sequence(),
                scan.accountId(),
                scan.assetId(),
                scan.checker(),
                started,
                finished,
                scan.assetRevision(),
                catalog.hash(),
                null,
                Traces.traceparent(Span.current()));
    }

    private static ScanJob decode(Job job) throws PoisonJobException {
        try {
            var scan = Wire.read(job.value(), ScanJob.class);
            job.label("%s of %s".formatted(scan.checker(), scan.name()));
            Span.current()
                    .setAttribute(Traces.SCAN, scan.scanId().toString())
                    .setAttribute(Traces.CHECKER, scan.checker());
            return scan;
        } catch (MalformedWireException e) {
            throw new PoisonJobException("this is no scan job: " + e.getMessage(), e);
        }
    }
}
