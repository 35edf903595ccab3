package outrider.lanes;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One admitted job on its way: phase 1 under its budget, then phase 2 until its end is durable.
///
/// The monitor guards who settles it: the thread that ran it or, when that one ignores its interrupt, another.
final class JobRun<R> implements SweptList.Member {
    private static final Logger log = LoggerFactory.getLogger(JobRun.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final LaneParts<R> parts;
    private final Admission admission;
    private final Assignment assignment;
    private final Polled polled;
    private final Job job;
    private final long admittedAt = System.nanoTime();
    private final long softBudget;

    /// The lane's, until the job's own is read: on its own thread, for what the admitting one does delays all
    /// others.
    private volatile long hardBudget;

    // All guarded by this.
    private Thread thread;
    private volatile Phase phase = Phase.RUNNING;
    private boolean overflow;
    private @Nullable Course<R> cut;
    private boolean left;
    private long interruptedAt;

    private enum Phase {
        RUNNING,
        SETTLING,
        ENDED
    }

    /// How phase 1 ended.
    private sealed interface Course<R> {
        record Finished<R>(R result) implements Course<R> {}

        record Failed<R>(Throwable cause) implements Course<R> {}

        record TimedOut<R>() implements Course<R> {}

        record HandedOff<R>(String lane) implements Course<R> {}

        record Misplaced<R>(String lane) implements Course<R> {}
    }

    JobRun(LaneParts<R> parts, Admission admission, Assignment assignment, Polled polled, Instant now) {
        this.parts = parts;
        this.admission = admission;
        this.assignment = assignment;
        this.polled = polled;
        var settings = parts.settings();
        this.job = new Job(settings.lane(), polled.record(), assignment, now);
        this.softBudget = settings.budget().soft().toNanos();
        this.hardBudget = settings.budget().hard().toNanos();
        this.thread = parts.threads().newThread(this::run);
    }

    void start() {
        thread.start();
    }

    private long hardBudget() {
        var most = parts.settings().budget().hard();
        return job.budget()
                .filter(budget -> budget.isPositive() && budget.compareTo(most) < 0)
                .orElse(most)
                .toNanos();
    }

    Job job() {
        return job;
    }

    Assignment assignment() {
        return assignment;
    }

    boolean isReporting() {
        return phase == Phase.SETTLING;
    }

    @Override
    public boolean hasLeft() {
        return phase == Phase.ENDED;
    }

    private void run() {
        hardBudget = hardBudget();
        parts.metrics().waited(admittedAt - polled.unsettled().polledAt());
        Course<R> course = firstPhase();
        long took = System.nanoTime() - admittedAt;
        try {
            parts.handler().measured(job, () -> parts.metrics().ran(took));
        } catch (Throwable e) {
            log.error("The duration of {} could not be recorded", job, e);
        }
        synchronized (this) {
            if (phase != Phase.RUNNING) {
                parts.metrics().returned();
                parts.permits().comeBack();
                return;
            }
            phase = Phase.SETTLING;
            // Phase 2 must not feel an interrupt that was meant for phase 1; that of a lost partition is looked
            // for there.
            Thread.interrupted();
            // What a job yields after its interrupt may be what the interrupt made of it.
            course = cut != null ? cut : course;
        }
        secondPhase(course);
    }

    private Course<R> firstPhase() {
        String elsewhere = polled.publishTo();
        if (elsewhere != null) {
            return new Course.Misplaced<>(elsewhere);
        }
        try {
            return new Course.Finished<>(
                    job.isExpired(parts.clock())
                            ? parts.handler().expired(job)
                            : parts.handler().run(job));
        } catch (Throwable e) {
            return new Course.Failed<>(e);
        }
    }

    private void secondPhase(Course<R> course) {
        try {
            String outcome = concluded(course);
            if (assignment.settle(polled.unsettled())) {
                parts.metrics().settled(outcome);
                parts.handOffs().earn();
            } else {
                parts.metrics().stale();
            }
        } catch (StaleJobException e) {
            parts.metrics().stale();
        } finally {
            end();
        }
    }

    /// Returns only when the end is durable: a job that just went away would keep its offset open for ever.
    private String concluded(Course<R> course) throws StaleJobException {
        Course<R> next = course;
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return conclude(next);
            } catch (StaleJobException e) {
                throw e;
            } catch (Throwable e) {
                log.error("{} cannot be ended yet, trying again in {}", job, pause, e);
                next = new Course.Failed<>(e);
                LockSupport.parkNanos(pause.toNanos());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    /// Makes the end of the job durable; returns what to count it as.
    private String conclude(Course<R> course) throws StaleJobException {
        if (!job.isCurrent()) {
            throw new StaleJobException(job);
        }
        try {
            return switch (course) {
                case Course.Finished<R>(R result) -> reported(result);
                case Course.TimedOut<R>() -> reported(parts.handler().timedOut(job));
                case Course.Failed<R>(Throwable cause) -> failed(cause);
                case Course.HandedOff<R>(String lane) -> {
                    var to = parts.forwarder().handOff(job, lane);
                    yield moved("handed_off", new Move.HandedOff(lane, to));
                }
                case Course.Misplaced<R>(String lane) -> {
                    var to = parts.forwarder().republish(job, lane);
                    yield moved("republished", new Move.Republished(lane, to));
                }
            };
        } catch (StaleJobException e) {
            throw e;
        } catch (Throwable e) {
            return failed(e);
        }
    }

    private String reported(R result) throws Exception {
        return switch (parts.handler().settle(job, result)) {
            case Settlement.Durable(String outcome) -> outcome;
            case Settlement.Rejected(String reason) -> dead(reason, null);
        };
    }

    private String failed(Throwable cause) throws StaleJobException {
        if (!job.isCurrent()) {
            throw new StaleJobException(job);
        }
        var retry = parts.settings().retry();
        if (cause instanceof PoisonJobException) {
            return dead(String.valueOf(cause.getMessage()), cause);
        }
        if (job.attempt() >= retry.attempts()) {
            return dead("attempt %d of %d failed".formatted(job.attempt(), retry.attempts()), cause);
        }
        log.warn("{} failed at attempt {} and will be tried again", job, job.attempt(), cause);
        var to = parts.forwarder().retry(job);
        return moved("retried", new Move.Retried(cause, to));
    }

    private String dead(String reason, @Nullable Throwable cause) throws StaleJobException {
        // Of a poison pill the reason says it all; where it was found tells nobody anything.
        log.warn("{} becomes a dead letter: {}", job, reason, cause instanceof PoisonJobException ? null : cause);
        parts.forwarder().dead(job, reason, cause);
        return moved("dead", new Move.Dead(reason));
    }

    private String moved(String outcome, Move move) throws StaleJobException {
        try {
            parts.handler().moved(job, move);
        } catch (Exception e) {
            if (!job.isCurrent()) {
                throw new StaleJobException(job);
            }
            log.error("{} was moved but its handler could not take note of it", job, e);
        }
        return outcome;
    }

    /// Holds the job to its budget. Called by the poll thread every tick, and at once when the partition was
    /// lost.
    synchronized void watch(long now) {
        long grace = parts.settings().budget().grace().toNanos();
        if (phase == Phase.ENDED) {
            return;
        }
        if (!job.isCurrent()) {
            leave(now, grace);
        } else if (phase == Phase.SETTLING) {
            return;
        } else if (cut != null) {
            if (now - interruptedAt > grace) {
                goOnWithout(cut);
            }
        } else if (now - admittedAt >= hardBudget) {
            cut(new Course.TimedOut<>(), now, "hard");
        } else if (now - admittedAt >= softBudget && !overflow) {
            makeRoom(now);
        }
    }

    private void makeRoom(long now) {
        if (parts.permits().tryOverflow()) {
            overflow = true;
            parts.metrics().deadline("overflow");
            return;
        }
        parts.settings()
                .handsOff()
                .filter(handOff -> !job.wasHandedOff() && parts.handOffs().trySpend())
                .ifPresent(handOff -> cut(new Course.HandedOff<>(handOff.to()), now, "hand-off"));
    }

    private void cut(Course<R> course, long now, String kind) {
        cut = course;
        interruptedAt = now;
        parts.metrics().deadline(kind);
        thread.interrupt();
    }

    /// The worker ignores its interrupt: another thread settles the job, and what the worker yields one day is
    /// dropped.
    private void goOnWithout(Course<R> course) {
        log.warn("{} has ignored its interrupt for {}", job, Duration.ofNanos(System.nanoTime() - interruptedAt));
        phase = Phase.SETTLING;
        parts.metrics().abandoned();
        parts.permits().abandon();
        thread = Thread.ofVirtual().name(thread.getName() + "-end").start(() -> secondPhase(course));
    }

    private void leave(long now, long grace) {
        if (!left) {
            left = true;
            interruptedAt = now;
            thread.interrupt();
        } else if (now - interruptedAt > grace) {
            if (phase == Phase.RUNNING) {
                parts.metrics().abandoned();
                parts.permits().abandon();
            }
            end();
        }
    }

    private void end() {
        synchronized (this) {
            if (phase == Phase.ENDED) {
                return;
            }
            phase = Phase.ENDED;
        }
        admission.ended(this, overflow);
    }
}
