package outrider.lanes;

import java.util.Collection;
import java.util.stream.Stream;

/// The jobs that hold a permit.
final class InFlight {
    private final SweptList<JobRun<?>> runs = new SweptList<>();
    private volatile boolean awaited;

    void add(JobRun<?> run) {
        runs.add(run);
    }

    /// Takes note that a run, which says so itself, has ended.
    void left() {
        runs.left();
        if (awaited) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    int size() {
        return runs.size();
    }

    Stream<JobRun<?>> all() {
        return runs.present().stream();
    }

    Stream<JobRun<?>> of(Collection<Assignment> assignments) {
        return all().filter(run -> assignments.contains(run.assignment()));
    }

    /// Waits until no job of these partitions is left; false when time ran out first. For one thread at a time.
    synchronized boolean awaitNone(Collection<Assignment> assignments, long nanos) {
        long deadline = System.nanoTime() + nanos;
        awaited = true;
        try {
            while (of(assignments).findAny().isPresent()) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            awaited = false;
        }
    }
}
