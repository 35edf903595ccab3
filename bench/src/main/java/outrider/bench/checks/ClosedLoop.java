package outrider.bench.checks;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import outrider.bench.BenchException;

/// Does the same work a fixed number of times at once, each anew as soon as it ends.
record ClosedLoop(int inFlight, Scale.Span span) {

    /// How many ended per second inside the window.
    double perSecond(Work work) throws InterruptedException {
        System.gc();
        var done = new LongAdder();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var loops = new ExecutorCompletionService<@Nullable Void>(threads);
            for (var i = 0; i < inFlight; i++) {
                loops.submit(() -> repeat(work, done));
            }
            try {
                Thread.sleep(span.warmUp());
                long before = done.sum();
                long from = System.nanoTime();
                Thread.sleep(span.window());
                double perSecond = (done.sum() - before) / ((System.nanoTime() - from) / 1e9);
                // None ends but by failing.
                fail(loops.poll());
                return perSecond;
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static @Nullable Void repeat(Work work, LongAdder done) throws IOException, InterruptedException {
        while (!Thread.currentThread().isInterrupted()) {
            work.run();
            done.increment();
        }
        return null;
    }

    private static void fail(@Nullable Future<@Nullable Void> ended) throws InterruptedException {
        if (ended == null) {
            return;
        }
        try {
            ended.get();
        } catch (ExecutionException e) {
            throw new BenchException("the work failed", e.getCause());
        }
    }
}
