package outrider.insights.ingest;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import outrider.insights.database.DatabaseUse;
import outrider.scan.ReportOutcome;

/// What was ingested and how long its steps took. Each report of a request that was read to its end is counted
/// once.
@Component
final class IngestMetrics {

    private final MeterRegistry meters;
    private final Timer reading;
    private final Timer writing;
    private final Timer waiting;
    private final Timer database;
    private final DistributionSummary roundTrips;

    IngestMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.reading = step("read");
        this.writing = step("write");
        this.waiting = step("wait");
        this.database = step("database");
        this.roundTrips = meters.summary("outrider.ingest.round.trips");
        // From the start, so that the first of them are seen as an increase.
        countRows(ReportOutcome.Counts.NONE);
    }

    /// Begins to measure how long receiving and checking a request takes.
    Timer.Sample startReading() {
        return Timer.start(meters);
    }

    void endReading(Timer.Sample started) {
        started.stop(reading);
    }

    /// Notes what a request that got as far as the database took of it.
    void database(DatabaseUse use) {
        if (!use.waited().isZero()) {
            waiting.record(use.waited());
            database.record(use.blocked());
            roundTrips.record(use.roundTrips());
        }
    }

    /// Measures a write, waiting for a connection included, and counts its reports and what they did to insights.
    List<ReportOutcome> write(Supplier<List<ReportOutcome>> write) {
        var outcomes = writing.record(write);
        for (var outcome : Objects.requireNonNull(outcomes)) {
            countReports(outcome.kind(), 1);
            // Those of a replayed report were counted the first time.
            if (outcome.kind() == ReportOutcome.Kind.APPLIED || outcome.kind() == ReportOutcome.Kind.UNCHANGED) {
                countRows(outcome.counts());
            }
        }
        return outcomes;
    }

    /// What became of the writes so far.
    IngestStatus.WritesView writes() {
        return new IngestStatus.WritesView(
                writing.count(), writing.mean(TimeUnit.MILLISECONDS), writing.max(TimeUnit.MILLISECONDS));
    }

    void countRejected() {
        countReports(ReportOutcome.Kind.REJECTED, 1);
    }

    void countEarly() {
        countReports(ReportOutcome.Kind.BUSY, 1);
    }

    private void countReports(ReportOutcome.Kind outcome, int count) {
        meters.counter("outrider.ingest.reports", "outcome", outcome.id()).increment(count);
    }

    private void countRows(ReportOutcome.Counts counts) {
        countRows("opened", counts.opened());
        countRows("changed", counts.changed());
        countRows("reopened", counts.reopened());
        countRows("resolved", counts.resolved());
        countRows("unchanged", counts.unchanged());
    }

    private void countRows(String kind, int count) {
        meters.counter("outrider.ingest.rows", "kind", kind).increment(count);
    }

    private Timer step(String step) {
        return Timer.builder("outrider.ingest.step")
                .tag("step", step)
                .publishPercentileHistogram()
                .register(meters);
    }
}
