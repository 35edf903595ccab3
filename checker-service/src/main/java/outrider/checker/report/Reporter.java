package outrider.checker.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import outrider.scan.ReportOutcome;

/// Brings reports to the insights API and returns what became of each.
///
/// Small reports that finish within a few milliseconds of each other share a request; a large one goes
/// alone, beside them. What meets trouble is kept and sent again, on its own thread, until it is
/// answered; while it waits it holds no place among the requests under way.
@Component
public final class Reporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

    private final LinkedBlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final ReportClient client;
    private final Upstream upstream;
    private final Concurrency places;
    private final Concurrency largePlaces;
    private final Recess recess;
    private final Time time;
    private final ReportMetrics metrics;
    private final Duration linger;
    private final int maxReports;
    private final long maxBytes;
    private final Backoff backoff;
    private final Thread batcher;

    private record Pending(FinishedReport report, BooleanSupplier current, CompletableFuture<ReportOutcome> outcome) {}

    /// What is to be sent again after a request, and how long the API asked to wait.
    private record Rest(List<Pending> reports, @Nullable Duration asked) {}

    @Autowired
    Reporter(ReportClient client, Upstream upstream, ReportMetrics metrics, ReportProperties properties) {
        this(client, upstream, metrics, properties, Time.REAL);
    }

    Reporter(ReportClient client, Upstream upstream, ReportMetrics metrics, ReportProperties properties, Time time) {
        this.client = client;
        this.upstream = upstream;
        this.metrics = metrics;
        this.time = time;
        this.recess = new Recess(time);
        this.places = new Concurrency(properties.concurrency(), properties.late());
        // An upload takes as long as it takes: it is late only when it is given up.
        this.largePlaces = new Concurrency(
                properties.large().concurrency(), properties.large().timeout());
        this.linger = properties.linger();
        this.maxReports = properties.maxReports();
        this.maxBytes = properties.maxSize().toBytes();
        this.backoff = new Backoff(properties.backoff(), properties.maxBackoff());
        metrics.limit(places::limit);
        this.batcher = Thread.ofVirtual().name("report-batcher").start(this::gather);
    }

    /// Blocks until the API has dealt with the report, however long that takes, and closes it.
    ///
    /// @param current whether the report is still ours to send; when it turns false, it is not sent any
    /// more
    /// @return what the API did with it; never `busy`
    /// @throws InterruptedException when interrupted, or when the report is no longer ours
    public ReportOutcome report(FinishedReport report, BooleanSupplier current) throws InterruptedException {
        var pending = new Pending(report, current, new CompletableFuture<>());
        try (report) {
            switch (report) {
                case FinishedReport.Small _ -> queue.add(pending);
                case FinishedReport.Large _ -> deliver(List.of(pending), largePlaces, enter(largePlaces));
            }
            return pending.outcome().get();
        } catch (ExecutionException e) {
            throw new InterruptedException(
                    "the report of scan %s is no longer ours to send".formatted(report.scanId()));
        } finally {
            // For whoever still has it in a batch: nobody waits for it any more.
            pending.outcome().cancel(false);
        }
    }

    private void gather() {
        try {
            while (true) {
                var first = queue.take();
                var slot = enter(places);
                var batch = fill(first);
                Thread.ofVirtual().name("report-sender").start(() -> send(batch, slot));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /// Takes a place for one request, at a time when the API wants to be called.
    private Concurrency.Slot enter(Concurrency ours) throws InterruptedException {
        while (true) {
            recess.await();
            var slot = ours.acquire();
            if (recess.isOver()) {
                return slot;
            }
            slot.close();
        }
    }

    private List<Pending> fill(Pending first) throws InterruptedException {
        var batch = new ArrayList<Pending>();
        batch.add(first);
        var bytes = size(first);
        var until = System.nanoTime() + linger.toNanos();
        while (batch.size() < maxReports && bytes < maxBytes) {
            var next = queue.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            batch.add(next);
            bytes += size(next);
        }
        return batch;
    }

    private static long size(Pending pending) {
        return switch (pending.report()) {
            case FinishedReport.Small(var _, var lines) -> lines.length;
            case FinishedReport.Large large -> large.length();
        };
    }

    private void send(List<Pending> batch, Concurrency.Slot slot) {
        try {
            deliver(batch, places, slot);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            batch.forEach(pending -> pending.outcome().completeExceptionally(e));
        } catch (RuntimeException e) {
            LOG.error("Reports could not be sent; their scans will run again", e);
            batch.forEach(pending -> pending.outcome().completeExceptionally(e));
        }
    }

    private void deliver(List<Pending> batch, Concurrency ours, Concurrency.Slot first) throws InterruptedException {
        var rest = request(batch, first);
        for (var tries = 0; !rest.reports().isEmpty(); tries++) {
            time.sleep(backoff.delay(
                    tries, rest.asked(), ThreadLocalRandom.current().nextDouble()));
            rest = request(rest.reports(), enter(ours));
        }
    }

    /// One request with what is still ours of the batch.
    private Rest request(List<Pending> batch, Concurrency.Slot slot) throws InterruptedException {
        List<Pending> ours;
        ReportAnswer answer;
        try (slot) {
            ours = current(batch);
            if (ours.isEmpty()) {
                return new Rest(List.of(), null);
            }
            answer = ask(ours, slot);
        }
        return switch (answer) {
            case ReportAnswer.Outcomes(var items) -> new Rest(settle(ours, items), null);
            case ReportAnswer.Refused(var why) -> {
                refused(ours, why);
                yield new Rest(List.of(), null);
            }
            case ReportAnswer.Trouble(var why, var asked) -> {
                LOG.warn("Reports wait, {} of them: {}", ours.size(), why);
                yield new Rest(ours, asked);
            }
        };
    }

    private ReportAnswer ask(List<Pending> batch, Concurrency.Slot slot) throws InterruptedException {
        var started = System.nanoTime();
        var answer = metrics.timed(
                () -> client.post(batch.stream().map(Pending::report).toList()), batch.size());
        // That one large report does not get through says nothing about the others: no reason to stop scanning.
        var small = batch.getFirst().report() instanceof FinishedReport.Small;
        switch (answer) {
            case ReportAnswer.Outcomes _, ReportAnswer.Refused _ -> {
                slot.answered(batch.size(), System.nanoTime() - started);
                if (small) {
                    upstream.succeeded();
                }
            }
            case ReportAnswer.Trouble(var why, var asked) -> {
                slot.failed();
                if (asked != null) {
                    recess.extend(asked);
                }
                metrics.trouble();
                if (small) {
                    upstream.failed(why);
                }
            }
        }
        return answer;
    }

    /// What is no longer ours is not sent: another member will run it again.
    private static List<Pending> current(List<Pending> batch) {
        var ours = new ArrayList<Pending>();
        for (var pending : batch) {
            if (pending.outcome().isDone()) {
                continue;
            }
            if (pending.current().getAsBoolean()) {
                ours.add(pending);
            } else {
                pending.outcome().completeExceptionally(new InterruptedException("lost"));
            }
        }
        return ours;
    }

    /// Tells each what became of it; returns those whose scope is busy.
    private List<Pending> settle(List<Pending> batch, List<ReportOutcome> outcomes) {
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
        return busy;
    }

    /// One bad report must not take the others with it: each is sent alone, and only the one that is
    /// refused alone is given up.
    private void refused(List<Pending> batch, String why) {
        if (batch.size() == 1) {
            var pending = batch.getFirst();
            metrics.answered(ReportOutcome.Kind.REJECTED);
            pending.outcome()
                    .complete(new ReportOutcome(
                            pending.report().scanId(), ReportOutcome.Kind.REJECTED, ReportOutcome.Counts.NONE, why));
            return;
        }
        batch.forEach(pending -> Thread.ofVirtual().name("report-sender").start(() -> sendAlone(pending)));
    }

    private void sendAlone(Pending pending) {
        try {
            send(List.of(pending), enter(places));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            pending.outcome().completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        batcher.interrupt();
    }
}
