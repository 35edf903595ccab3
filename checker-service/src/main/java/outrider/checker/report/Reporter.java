package outrider.checker.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import outrider.scan.ReportOutcome;

/// Brings reports to the insights API and returns what became of each.
///
/// Reports that finish within a few milliseconds of each other share a request. A request that meets trouble is kept
/// and sent
/// again, on its own thread, until it is answered; one slow answer delays no other.
@Component
public final class Reporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

    private final LinkedBlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final ReportClient client;
    private final Upstream upstream;
    private final Concurrency concurrency;
    private final ReportMetrics metrics;
    private final Duration linger;
    private final int maxReports;
    private final long maxBytes;
    private final Backoff backoff;
    private final Thread batcher;

    private record Pending(FinishedReport report, BooleanSupplier current, CompletableFuture<ReportOutcome> outcome) {}

    Reporter(ReportClient client, Upstream upstream, ReportMetrics metrics, ReportProperties properties) {
        this.client = client;
        this.upstream = upstream;
        this.metrics = metrics;
        this.concurrency = new Concurrency(properties.concurrency());
        this.linger = properties.linger();
        this.maxReports = properties.maxReports();
        this.maxBytes = properties.maxSize().toBytes();
        this.backoff = new Backoff(properties.backoff(), properties.maxBackoff());
        this.batcher = Thread.ofVirtual().name("report-batcher").start(this::gather);
    }

    /// Blocks until the API has dealt with the report, however long that takes.
    ///
    /// @param current whether the report is still ours to send; when it turns false, it is not sent any more
    /// @return what the API did with it; never `busy`
    /// @throws InterruptedException when interrupted, or when the report is no longer ours
    public ReportOutcome report(FinishedReport report, BooleanSupplier current) throws InterruptedException {
        var pending = new Pending(report, current, new CompletableFuture<>());
        queue.add(pending);
        try {
            return pending.outcome().get();
        } catch (ExecutionException e) {
            throw new InterruptedException(
                    "the report of scan %s is no longer ours to send".formatted(report.scanId()));
        }
    }

    private void gather() {
        try {
            while (true) {
                var first = queue.take();
                concurrency.acquire();
                var batch = fill(first);
                Thread.ofVirtual().name("report-sender").start(() -> send(batch));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private List<Pending> fill(Pending first) throws InterruptedException {
        var batch = new ArrayList<Pending>();
        batch.add(first);
        var bytes = (long) first.report().lines().length;
        var until = System.nanoTime() + linger.toNanos();
        while (batch.size() < maxReports && bytes < maxBytes) {
            var next = queue.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            batch.add(next);
            bytes += next.report().lines().length;
        }
        return batch;
    }

    private void send(List<Pending> batch) {
        try {
            deliver(batch);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            batch.forEach(pending -> pending.outcome().completeExceptionally(e));
        } catch (RuntimeException e) {
            LOG.error("Reports could not be sent; their scans will run again", e);
            batch.forEach(pending -> pending.outcome().completeExceptionally(e));
        } finally {
            concurrency.release();
        }
    }

    private void deliver(List<Pending> batch) throws InterruptedException {
        for (var failures = 0; ; failures++) {
            var ours = current(batch);
            if (ours.isEmpty()) {
                return;
            }
            var answer = metrics.timed(
                    () -> client.post(ours.stream().map(Pending::report).toList()), ours.size());
            switch (answer) {
                case ReportAnswer.Outcomes(var items) -> {
                    succeeded();
                    settle(ours, items);
                    return;
                }
                case ReportAnswer.Refused(var why) -> {
                    succeeded();
                    refused(ours, why);
                    return;
                }
                case ReportAnswer.Trouble(var why, var retryAfter) -> {
                    LOG.warn("Reports wait, {} of them: {}", ours.size(), why);
                    concurrency.narrow();
                    metrics.trouble();
                    upstream.failed(why);
                    backoff.sleep(failures, retryAfter);
                }
            }
        }
    }

    private void succeeded() {
        concurrency.widen();
        upstream.succeeded();
    }

    /// What is no longer ours is not sent: another member will run it again.
    private static List<Pending> current(List<Pending> batch) {
        var ours = new ArrayList<Pending>();
        for (var pending : batch) {
            if (pending.current().getAsBoolean()) {
                ours.add(pending);
            } else {
                pending.outcome().completeExceptionally(new InterruptedException("lost"));
            }
        }
        return ours;
    }

    private void settle(List<Pending> batch, List<ReportOutcome> outcomes) throws InterruptedException {
        var busy = new ArrayList<Pending>();
        for (var i = 0; i < batch.size(); i++) {
            var outcome = outcomes.get(i);
            metrics.answered(outcome.kind());
            if (outcome.kind() == ReportOutcome.Kind.BUSY) {
                busy.add(batch.get(i));
            } else {
                batch.get(i).outcome().complete(outcome);
            }
        }
        if (!busy.isEmpty()) {
            backoff.sleep(0, null);
            deliver(busy);
        }
    }

    /// One bad report must not take the others with it: each is sent alone, and only the one that is refused alone is
    /// given up.
    private void refused(List<Pending> batch, String why) throws InterruptedException {
        if (batch.size() == 1) {
            var pending = batch.getFirst();
            metrics.answered(ReportOutcome.Kind.REJECTED);
            pending.outcome()
                    .complete(new ReportOutcome(
                            pending.report().scanId(), ReportOutcome.Kind.REJECTED, ReportOutcome.Counts.NONE, why));
            return;
        }
        for (var pending : batch) {
            deliver(List.of(pending));
        }
    }

    @Override
    public void close() {
        batcher.interrupt();
    }
}
