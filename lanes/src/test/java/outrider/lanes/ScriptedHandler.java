package outrider.lanes;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A handler whose first phase is the test's, and which remembers everything.
class ScriptedHandler implements JobHandler<String> {
    private final Script script;
    private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
    private final Queue<String> settled = new ConcurrentLinkedQueue<>();
    private final Queue<Move> moves = new ConcurrentLinkedQueue<>();

    /// Phase 1 of a job with that value.
    interface Script {
        void run(String value, Job job) throws Exception;
    }

    ScriptedHandler(Script script) {
        this.script = script;
    }

    /// Jobs that ignore their interrupt until the test ends them.
    static ScriptedHandler stubborn(CountDownLatch end) {
        return new ScriptedHandler((value, job) -> {
            while (end.getCount() > 0) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    // Exactly what a job should not do.
                }
            }
        });
    }

    /// Every job succeeds at once.
    static ScriptedHandler quick() {
        return new ScriptedHandler((value, job) -> {});
    }

    @Override
    public String run(Job job) throws Exception {
        var value = value(job);
        runs.computeIfAbsent(value, v -> new AtomicInteger()).incrementAndGet();
        script.run(value, job);
        return value;
    }

    @Override
    public String timedOut(Job job) {
        return "timed out: " + value(job);
    }

    @Override
    public String expired(Job job) {
        return "expired: " + value(job);
    }

    @Override
    public Settlement settle(Job job, String result) {
        settled.add(result);
        return result.startsWith("refuse")
                ? new Settlement.Rejected("the receiver refused it")
                : new Settlement.Durable("done");
    }

    @Override
    public void moved(Job job, Move move) {
        moves.add(move);
    }

    int runs(String value) {
        return runs.getOrDefault(value, new AtomicInteger()).get();
    }

    Collection<String> started() {
        return runs.keySet();
    }

    List<String> settled() {
        return List.copyOf(settled);
    }

    List<Move> moves() {
        return List.copyOf(moves);
    }

    private static String value(Job job) {
        return new String(job.value(), StandardCharsets.UTF_8);
    }
}
