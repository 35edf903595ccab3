package outrider.lanes;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Decides which job starts next: one permit each, taking turns over the partitions that hold any.
///
/// A job that ends starts its successor itself; the poll thread is woken only to fetch.
final class Admission {
    private static final Duration TICKING = Duration.ofSeconds(30);

    private final Permits permits;
    private final InFlight inFlight;
    private final Clock clock;
    private final Wake wake;
    private final JobFactory jobs;
    /// Guarded by this. Null: whose jobs they are does not matter.
    private final @Nullable FairShare shares;
    /// The partitions of which nothing that is buffered may start, since its owners have their share: what lies
    /// behind may be another's. Guarded by this.
    private final Set<Assignment> held = new HashSet<>();

    // All guarded by this.
    private final Map<Assignment, Deque<Polled>> buffers = new HashMap<>();
    /// The partitions that have something buffered, whose turn it is first.
    private final Deque<Assignment> turns = new ArrayDeque<>();
    private final SortedMap<String, Hold> holds = new TreeMap<>();
    private LaneState state = LaneState.RUNNING;

    /// Whether a job that ends has a successor to look for; looked at without the lock, for nearly always it has
    /// none.
    private volatile boolean anyBuffered;

    private volatile boolean closed;

    /// Calls of [#dispatch()] that no look at the buffers has answered yet.
    private final AtomicInteger calls = new AtomicInteger();

    /// Why nothing starts.
    ///
    /// @param until in nanoseconds; past it the hold has released itself
    private record Hold(String why, long until) {}

    /// Makes the run of a job that has just been given a permit.
    interface JobFactory {
        JobRun<?> create(Admission admission, Assignment assignment, Polled polled, Instant now);
    }

    Admission(Permits permits, InFlight inFlight, Clock clock, Wake wake, JobFactory jobs, @Nullable String turnsBy) {
        this.shares = turnsBy == null ? null : new FairShare(turnsBy);
        this.permits = permits;
        this.inFlight = inFlight;
        this.clock = clock;
        this.wake = wake;
        this.jobs = jobs;
    }

    synchronized void buffer(Assignment assignment, List<Polled> polled) {
        if (!polled.isEmpty()) {
            buffers.computeIfAbsent(assignment, this::takingTurns).addAll(polled);
            held.remove(assignment);
            anyBuffered = true;
        }
    }

    private Deque<Polled> takingTurns(Assignment assignment) {
        turns.add(assignment);
        return new ArrayDeque<>();
    }

    /// Starts jobs while there are permits and jobs. Nobody waits here: who comes while another is at it leaves
    /// the work to that one, for a virtual thread that waits for a lock costs more than the job it has just
    /// ended.
    void dispatch() {
        if (!anyBuffered || calls.getAndIncrement() > 0) {
            return;
        }
        int answered;
        do {
            answered = calls.get();
            try {
                next().forEach(JobRun::start);
            } catch (Throwable e) {
                // Else nobody would ever look again.
                calls.set(0);
                throw e;
            }
        } while (calls.addAndGet(-answered) > 0);
    }

    void ended(JobRun<?> run, boolean overflow) {
        if (overflow) {
            permits.releaseOverflow();
        } else {
            permits.release();
        }
        if (shares != null) {
            synchronized (this) {
                shares.ended(run);
            }
        }
        inFlight.left();
        if (run.assignment().regainedRoom() || closed && inFlight.size() == 0) {
            wake.signal();
        }
        dispatch();
    }

    /// Takes turns until the permits or the jobs that may start run out. They are in flight before the lock is
    /// let go, so that whoever drains their partition sees them.
    private synchronized List<JobRun<?>> next() {
        var runs = new ArrayList<JobRun<?>>();
        var now = clock.instant();
        int waiting = 0;
        while (starts() && waiting < turns.size() && permits.tryAcquire()) {
            Assignment turn = turns.remove();
            Deque<Polled> buffer = requireNonNull(buffers.get(turn));
            Polled next = first(buffer, now.toEpochMilli());
            if (next == null) {
                permits.release();
                waiting++;
                if (shares != null && held.add(turn)) {
                    wake.signal();
                }
            } else {
                held.remove(turn);
                JobRun<?> run = create(turn, next, now);
                remove(buffer, next);
                inFlight.add(run);
                if (shares != null) {
                    shares.started(run, next);
                }
                runs.add(run);
                waiting = 0;
            }
            if (buffer.isEmpty()) {
                buffers.remove(turn);
                wake.signal();
            } else {
                turns.add(turn);
            }
        }
        anyBuffered = !turns.isEmpty();
        return runs;
    }

    /// Where a job cannot be made, its permit and its partition's turn are not lost with it.
    private JobRun<?> create(Assignment turn, Polled polled, Instant now) {
        try {
            return jobs.create(this, turn, polled, now);
        } catch (Throwable e) {
            permits.release();
            turns.addFirst(turn);
            throw e;
        }
    }

    /// Null when none of them may start now.
    private @Nullable Polled first(Deque<Polled> buffer, long now) {
        if (shares != null) {
            return shares.next(buffer, now, permits.limit()).orElse(null);
        }
        Polled first = buffer.element();
        return first.notBefore() > now ? null : first;
    }

    private static void remove(Deque<Polled> buffer, Polled polled) {
        if (buffer.element() == polled) {
            buffer.remove();
        } else {
            buffer.remove(polled);
        }
    }

    /// Drops what these partitions have buffered; it stays unsettled.
    synchronized void forget(Collection<Assignment> assignments) {
        buffers.keySet().removeAll(assignments);
        turns.removeAll(assignments);
        held.removeAll(assignments);
        anyBuffered = !turns.isEmpty();
    }

    synchronized int buffered(Assignment assignment) {
        Deque<Polled> buffer = buffers.get(assignment);
        return buffer == null ? 0 : buffer.size();
    }

    /// Whether the partition may have to bring more before another of its jobs can start.
    synchronized boolean needsMore(Assignment assignment) {
        return !buffers.containsKey(assignment) || held.contains(assignment);
    }

    /// Whether new records may be fetched.
    synchronized boolean fetches() {
        return state == LaneState.RUNNING && starts();
    }

    private boolean starts() {
        return state != LaneState.PAUSED && !isHeld() && !closed;
    }

    private boolean isHeld() {
        if (!holds.isEmpty()) {
            long now = System.nanoTime();
            holds.values().removeIf(hold -> hold.until() - now <= 0);
        }
        return !holds.isEmpty();
    }

    void state(LaneState wanted) {
        synchronized (this) {
            state = wanted;
        }
        changed();
    }

    synchronized LaneState state() {
        return state;
    }

    /// For a cause that is looked at every tick.
    void hold(String cause, String why) {
        hold(cause, why, TICKING);
    }

    /// @param lease past it the hold releases itself, at the next tick of the poll thread
    synchronized void hold(String cause, String why, Duration lease) {
        holds.put(cause, new Hold(why, System.nanoTime() + lease.toNanos()));
    }

    void release(String cause) {
        boolean last;
        synchronized (this) {
            last = holds.remove(cause) != null && holds.isEmpty();
        }
        if (last) {
            changed();
        }
    }

    synchronized SortedMap<String, String> holds() {
        isHeld();
        var all = new TreeMap<String, String>();
        holds.forEach((cause, hold) -> all.put(cause, hold.why()));
        return all;
    }

    void resize(int limit) {
        permits.resize(limit);
        changed();
    }

    /// Starts and fetches nothing any more.
    synchronized void close() {
        closed = true;
    }

    private void changed() {
        dispatch();
        wake.signal();
    }
}
