package outrider.checker.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
/// answered; while it waits it holds no place among the requests under way. Reports that fail together
/// while the API answers others are halved until the one that is why stands alone.
@Component
public final class Reporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

    /// How often reports fail together before one of them is looked for.
    private static final int FAILURES_TOGETHER = 2;

    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

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

    private final Duration giveUpAfter;
    private final Backoff poisonedBackoff;
    private final Set<Pending> poisoned = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// A report that somebody waits for, whoever carries it at the time.
    private static final class Pending {
        final FinishedReport report;
        final BooleanSupplier current;
        final CompletableFuture<ReportOutcome> outcome = new CompletableFuture<>();
        final Suspicion suspicion = new Suspicion();

        Pending(FinishedReport report, BooleanSupplier current) {
            this.report = report;
            this.current = current;
        }

        boolean isSmall() {
            return report instanceof FinishedReport.Small;
        }
    }

    /// The report is no longer ours to send.
    private static final class NotOursException extends Exception {
        NotOursException(FinishedReport report) {
            super("the report of scan %s is no longer ours to send".formatted(report.scanId()), null, false, false);
        }
    }

    /// What is to be sent again after a request.
    ///
    /// @param asked how long the API asked to wait; null: it did not
    /// @param perhapsContent whether it failed, and one of the reports may be the cause
    private record Rest(List<Pending> reports, @Nullable Duration asked, boolean perhapsContent) {
        static final Rest NONE = new Rest(List.of(), null, false);
    }

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
        this.poisonedBackoff = new Backoff(properties.maxBackoff(), properties.poisonedBackoff());
        this.giveUpAfter = properties.giveUpAfter();
        metrics.limit(places::limit);
        metrics.poisoned(poisoned::size);
        this.batcher = Thread.ofVirtual().name("report-batcher").start(this::gather);
    }

    /// Blocks until the API has dealt with the report, however long that takes, and closes it. It costs the job
    /// nothing that the API, the token or the way there is in trouble.
    ///
    /// @param current whether the report is still ours to send; when it turns false, it is not sent any more
    /// @return what the API did with it, never `busy`; or that it was given up, since it failed alone for hours
    /// while others were accepted
    /// @throws InterruptedException when interrupted, or when the report is no longer ours
    /// @throws IllegalStateException when it could not be sent by a fault of this program
    public ReportOutcome report(FinishedReport report, BooleanSupplier current) throws InterruptedException {
        var pending = new Pending(report, current);
        if (pending.isSmall()) {
            upstream.taken();
        }
        try (report) {
            switch (report) {
                case FinishedReport.Small _ -> queue.add(pending);
                case FinishedReport.Large _ -> carry(List.of(pending), largePlaces, null, 0);
            }
            return pending.outcome.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NotOursException) {
                throw new InterruptedException(e.getCause().getMessage());
            }
            throw new IllegalStateException("the report of scan %s could not be sent".formatted(report.scanId()), e);
        } finally {
            // For whoever still has it in a batch: nobody waits for it any more.
            pending.outcome.cancel(false);
            forget(pending);
        }
    }

    /// It is no longer in hand, if it still was.
    private void forget(Pending pending) {
        poisoned.remove(pending);
        if (pending.suspicion.leavesHand() && pending.isSmall()) {
            upstream.left();
        }
    }

    /// Nothing that is thrown ends it: without it no small report would be sent any more.
    private void gather() {
        while (!closed) {
            try {
                gatherOne();
            } catch (InterruptedException e) {
                // Either it is closed, or that was not meant for it.
            } catch (Throwable e) {
                metrics.restarted("report-batcher");
                LOG.error("The batching of reports goes on after a failure", e);
                rest();
            }
        }
    }

    private void gatherOne() throws InterruptedException {
        var batch = new ArrayList<Pending>();
        batch.add(queue.take());
        try {
            var slot = enter(places);
            try {
                fill(batch);
                Thread.ofVirtual().name("report-sender").start(() -> send(batch, places, slot, 0));
            } catch (Throwable e) {
                slot.close();
                throw e;
            }
        } catch (Throwable e) {
            queue.addAll(batch);
            throw e;
        }
    }

    private static void rest() {
        try {
            Thread.sleep(AFTER_A_FAULT);
        } catch (InterruptedException e) {
            // It looks again at once.
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

    private void fill(List<Pending> batch) throws InterruptedException {
        var bytes = size(batch.getFirst());
        var until = System.nanoTime() + linger.toNanos();
        while (batch.size() < maxReports && bytes < maxBytes) {
            var next = queue.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            batch.add(next);
            bytes += size(next);
        }
    }

    private static long size(Pending pending) {
        return switch (pending.report) {
            case FinishedReport.Small(var _, var lines) -> lines.length;
            case FinishedReport.Large large -> large.length();
        };
    }

    private void send(List<Pending> batch, Concurrency ours, Concurrency.@Nullable Slot slot, int failures) {
        try {
            carry(batch, ours, slot, failures);
        } catch (InterruptedException e) {
            // Nobody interrupts it but the end of this process; who waits must not wait for ever.
            Thread.currentThread().interrupt();
            batch.forEach(pending -> pending.outcome.completeExceptionally(new NotOursException(pending.report)));
        }
    }

    /// Delivers the reports, also after faults of our own: none of them is a reason to scan again.
    ///
    /// @param slot the place of the first request; null: there is none yet
    /// @param failures how often they have failed together
    private void carry(List<Pending> batch, Concurrency ours, Concurrency.@Nullable Slot slot, int failures)
            throws InterruptedException {
        var first = slot;
        while (true) {
            try {
                deliver(batch, ours, first == null ? enter(ours) : first, failures);
                return;
            } catch (RuntimeException | Error e) {
                metrics.restarted("report-sender");
                LOG.error("{} reports are sent again after a failure", batch.size(), e);
                Thread.sleep(AFTER_A_FAULT);
            }
            first = null;
        }
    }

    private void deliver(List<Pending> batch, Concurrency ours, Concurrency.Slot first, int failedTogether)
            throws InterruptedException {
        var answers = upstream.answers();
        var failures = failedTogether;
        var rest = request(batch, first);
        for (var tries = 0; !rest.reports().isEmpty(); tries++) {
            failures += rest.perhapsContent() ? 1 : 0;
            if (rest.perhapsContent()
                    && rest.reports().size() > 1
                    && failures >= FAILURES_TOGETHER
                    && upstream.answersOthers(answers)) {
                halve(rest.reports());
                return;
            }
            time.sleep(pause(rest, tries));
            rest = request(rest.reports(), enter(ours));
        }
    }

    private Duration pause(Rest rest, int tries) {
        var dice = ThreadLocalRandom.current().nextDouble();
        var suspicion = rest.reports().getFirst().suspicion;
        return rest.reports().size() == 1 && suspicion.isPoisoned()
                ? poisonedBackoff.delay(suspicion.poisonedFailures(), rest.asked(), dice)
                : backoff.delay(tries, rest.asked(), dice);
    }

    /// The API answers, but not these: one of them may be why. Each half has a request of its own, and is halved
    /// again as soon as that fails.
    private void halve(List<Pending> batch) {
        LOG.warn("{} reports have failed together while the API answers: they go on in two halves", batch.size());
        var half = batch.size() / 2;
        for (var part : List.of(batch.subList(0, half), batch.subList(half, batch.size()))) {
            Thread.ofVirtual()
                    .name("report-sender")
                    .start(() -> send(part, places, null, part.size() > 1 ? FAILURES_TOGETHER - 1 : 0));
        }
    }

    /// One request with what is still ours of the batch.
    private Rest request(List<Pending> batch, Concurrency.Slot slot) throws InterruptedException {
        List<Pending> ours;
        ReportAnswer answer;
        try (slot) {
            ours = current(batch);
            if (ours.isEmpty()) {
                return Rest.NONE;
            }
            answer = ask(ours, slot);
        }
        return switch (answer) {
            case ReportAnswer.Outcomes(var items) -> new Rest(settle(ours, items), null, false);
            case ReportAnswer.Refused(var why) -> {
                refused(ours, why);
                yield Rest.NONE;
            }
            case ReportAnswer.Trouble trouble -> waiting(ours, trouble);
        };
    }

    private Rest waiting(List<Pending> ours, ReportAnswer.Trouble trouble) {
        var first = ours.getFirst();
        if (ours.size() > 1 || !first.suspicion.isPoisoned()) {
            LOG.warn("Delivery of {} reports is delayed: {}", ours.size(), trouble.why());
        } else if (first.suspicion.isUp(upstream.answers(), time.nanos(), giveUpAfter, poisoned.size())) {
            giveUp(first, trouble.why());
            return Rest.NONE;
        } else {
            LOG.warn(
                    "The report of scan {} has failed alone {} times while others were accepted: {}",
                    first.report.scanId(),
                    first.suspicion.alone(),
                    trouble.why());
        }
        return new Rest(ours, trouble.retryAfter(), trouble.perhapsContent());
    }

    private void giveUp(Pending pending, String why) {
        reject(
                pending,
                "it failed alone %d times while others were accepted, and the last answer was: %s"
                        .formatted(pending.suspicion.alone(), why));
    }

    private ReportAnswer ask(List<Pending> batch, Concurrency.Slot slot) throws InterruptedException {
        var started = System.nanoTime();
        var alone = batch.size() == 1 ? batch.getFirst() : null;
        // What fails alone again and again says something about itself, and nothing about the API.
        var evidence = alone == null || !alone.suspicion.isSuspect();
        var answer = metrics.timed(
                () -> client.post(batch.stream().map(pending -> pending.report).toList(), evidence), batch.size());
        switch (answer) {
            case ReportAnswer.Outcomes _, ReportAnswer.Refused _ -> {
                slot.answered(batch.size(), System.nanoTime() - started);
                upstream.answered();
                batch.forEach(this::clear);
            }
            case ReportAnswer.Trouble trouble -> {
                metrics.trouble();
                if (evidence || !trouble.perhapsContent()) {
                    troubled(batch.getFirst(), trouble, slot);
                }
                if (alone != null && trouble.perhapsContent()) {
                    suspect(alone);
                }
            }
        }
        return answer;
    }

    private void troubled(Pending first, ReportAnswer.Trouble trouble, Concurrency.Slot slot) {
        slot.failed();
        if (trouble.retryAfter() != null) {
            recess.extend(trouble.retryAfter());
        }
        // That one large report does not get through says nothing about the others: no reason to stop scanning.
        if (first.isSmall()) {
            upstream.failed(trouble.why(), trouble.retryAfter());
        }
    }

    private void suspect(Pending alone) {
        alone.suspicion.failedAlone(upstream.answers(), time.nanos());
        if (alone.suspicion.isSuspect() && alone.suspicion.leavesHand() && alone.isSmall()) {
            upstream.left();
        }
        if (alone.suspicion.isPoisoned() && !alone.outcome.isDone()) {
            poisoned.add(alone);
        }
    }

    private void clear(Pending answered) {
        answered.suspicion.cleared();
        poisoned.remove(answered);
    }

    /// What is no longer ours is not sent: another member will run it again.
    private static List<Pending> current(List<Pending> batch) {
        var ours = new ArrayList<Pending>();
        for (var pending : batch) {
            if (pending.outcome.isDone()) {
                continue;
            }
            if (pending.current.getAsBoolean()) {
                ours.add(pending);
            } else {
                pending.outcome.completeExceptionally(new NotOursException(pending.report));
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
                batch.get(i).outcome.complete(outcome);
            }
        }
        return busy;
    }

    /// One bad report must not take the others with it: each is sent alone, and only the one that is
    /// refused alone is given up.
    private void refused(List<Pending> batch, String why) {
        if (batch.size() == 1) {
            reject(batch.getFirst(), why);
            return;
        }
        for (var pending : batch) {
            Thread.ofVirtual().name("report-sender").start(() -> send(List.of(pending), places, null, 0));
        }
    }

    private void reject(Pending pending, String why) {
        metrics.answered(ReportOutcome.Kind.REJECTED);
        pending.outcome.complete(new ReportOutcome(
                pending.report.scanId(), ReportOutcome.Kind.REJECTED, ReportOutcome.Counts.NONE, why));
    }

    @Override
    public void close() {
        closed = true;
        batcher.interrupt();
    }
}
