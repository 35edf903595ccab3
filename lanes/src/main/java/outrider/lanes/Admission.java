package outrider.lanes;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Decides which job starts next: one permit each, taking turns over the partitions that hold any.
///
/// A job that ends starts its successor itself; the poll thread is woken only to fetch.
final class Admission {
    private final Permits permits;
    private final InFlight inFlight;
    private final Clock clock;
    private final Wake wake;
    private final JobFactory jobs;

    // All guarded by this.
    private final SequencedMap<Assignment, Deque<Polled>> buffers = new LinkedHashMap<>();
    private final SortedMap<String, String> holds = new TreeMap<>();
    private LaneState state = LaneState.RUNNING;
    private boolean closed;

    /// Makes the run of a job that has just been given a permit.
    interface JobFactory {
        JobRun<?> create(Admission admission, Assignment assignment, Polled polled);
    }

    Admission(Permits permits, InFlight inFlight, Clock clock, Wake wake, JobFactory jobs) {
        this.permits = permits;
        this.inFlight = inFlight;
        this.clock = clock;
        this.wake = wake;
        this.jobs = jobs;
    }

    synchronized void buffer(Assignment assignment, Polled polled) {
        buffers.computeIfAbsent(assignment, a -> new ArrayDeque<>()).add(polled);
    }

    /// Starts jobs while there are permits and jobs.
    void dispatch() {
        for (JobRun<?> run = next(); run != null; run = next()) {
            run.start();
        }
    }

    void ended(JobRun<?> run, boolean overflow) {
        if (overflow) {
            permits.releaseOverflow();
        } else {
            permits.release();
        }
        inFlight.remove(run);
        if (run.assignment().regainedRoom() || inFlight.size() == 0) {
            wake.signal();
        }
        dispatch();
    }

    private synchronized @Nullable JobRun<?> next() {
        if (!starts() || buffers.isEmpty() || !permits.tryAcquire()) {
            return null;
        }
        long now = clock.millis();
        for (int left = buffers.size(); left > 0; left--) {
            var turn = buffers.pollFirstEntry();
            Deque<Polled> buffer = turn.getValue();
            Polled head = buffer.element().notBefore() <= now ? buffer.remove() : null;
            if (buffer.isEmpty()) {
                wake.signal();
            } else {
                buffers.putLast(turn.getKey(), buffer);
            }
            if (head != null) {
                // In flight before the lock is let go, so that whoever drains the partition sees it.
                JobRun<?> run = jobs.create(this, turn.getKey(), head);
                inFlight.add(run);
                return run;
            }
        }
        permits.release();
        return null;
    }

    /// Drops what these partitions have buffered; it stays unsettled.
    synchronized void forget(Collection<Assignment> assignments) {
        buffers.keySet().removeAll(assignments);
    }

    synchronized int buffered(Assignment assignment) {
        Deque<Polled> buffer = buffers.get(assignment);
        return buffer == null ? 0 : buffer.size();
    }

    /// Whether new records may be fetched.
    synchronized boolean fetches() {
        return state == LaneState.RUNNING && starts();
    }

    private boolean starts() {
        return state != LaneState.PAUSED && holds.isEmpty() && !closed;
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

    void hold(String cause, String why) {
        synchronized (this) {
            holds.put(cause, why);
        }
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
        return new TreeMap<>(holds);
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
