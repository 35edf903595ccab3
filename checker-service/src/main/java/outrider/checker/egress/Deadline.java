package outrider.checker.egress;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A bound on how long a blocking call may take, whatever it waits for.
///
/// A read timeout is no such bound: a server that sends one byte a second never meets it. So the call runs on a virtual
/// thread of its own, where an interrupt also ends socket I/O.
public final class Deadline {

    private Deadline() {}

    /// The call's result. A [TimeoutException] when time is up, and then, as when the caller is interrupted, the call
    /// is interrupted; an [ExecutionException] carries what it threw.
    public static <T> T within(Duration limit, Callable<T> call)
            throws InterruptedException, ExecutionException, TimeoutException {
        var task = new FutureTask<>(call);
        Thread.ofVirtual().name("within-", 0).start(task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            task.cancel(true);
        }
    }
}
