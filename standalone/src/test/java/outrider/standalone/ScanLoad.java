package outrider.standalone;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Scans all of some accounts round after round: an account again as soon as all scans of its last round are
/// reported. No request may fail, and no scan may get lost.
final class ScanLoad {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final RestFleet fleet;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> accounts;
    private final Map<String, Integer> rounds = new ConcurrentHashMap<>();
    private final Queue<String> scans = new ConcurrentLinkedQueue<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<String> schedulers;
    private volatile boolean ending;

    ScanLoad(RestFleet fleet, List<String> accounts, String scheduler) {
        this.fleet = fleet;
        schedulers = List.of(scheduler);
        accounts.forEach(account -> rounds.put(account, 0));
        this.accounts = accounts.stream()
                .<Future<?>>map(account -> threads.submit(() -> scan(account)))
                .toList();
    }

    /// From now on these replicas of the scheduler are asked, in turn.
    void ask(String... replicas) {
        schedulers = List.of(replicas);
    }

    /// Waits until each account has had a whole round that began after this call.
    void goesOn() {
        var before = Map.copyOf(rounds);
        await().atMost(PATIENCE.multipliedBy(2)).until(() -> {
            for (var account : accounts) {
                if (account.isDone()) {
                    account.get();
                }
            }
            return before.entrySet().stream().allMatch(round -> rounds.get(round.getKey()) >= round.getValue() + 2);
        });
    }

    /// Ends it after the rounds that have begun.
    ///
    /// @return all scans there were
    List<String> end() throws ExecutionException, InterruptedException {
        ending = true;
        for (var account : accounts) {
            account.get();
        }
        threads.close();
        return List.copyOf(scans);
    }

    private void scan(String account) {
        while (!ending) {
            var round = fleet.order(scheduler(), "{\"account_id\":\"%s\"}".formatted(account));
            scans.addAll(round);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> round.stream().allMatch(scan -> fleet.isReported(scheduler(), scan)));
            rounds.merge(account, 1, Integer::sum);
        }
    }

    private String scheduler() {
        var all = schedulers;
        return all.get(turn.getAndIncrement() % all.size());
    }
}
