package outrider.checker.check;

import static java.util.Objects.requireNonNullElse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import outrider.checker.egress.Deadline;

/// Takes the looks of one scan, a few at a time and each under its own deadline, so that a subject that hangs costs
/// nobody else.
final class Looks {

    private static final Logger LOG = LoggerFactory.getLogger(Looks.class);

    private final CheckProperties properties;

    Looks(CheckProperties properties) {
        this.properties = properties;
    }

    /// What came of one look.
    sealed interface Seen<O> {

        record Observation<O>(O value) implements Seen<O> {}

        record Nothing<O>(String why) implements Seen<O> {}
    }

    /// What was seen of each subject, in the order of the looks. When interrupted, no look goes on.
    <O> Map<String, Seen<O>> take(Map<String, Checker.Look<O>> looks) throws InterruptedException {
        var permits = new Semaphore(properties.parallelLooks());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                return collect(start(looks, permits, threads));
            } catch (InterruptedException e) {
                threads.shutdownNow();
                throw e;
            }
        }
    }

    private <O> Map<String, Future<Seen<O>>> start(
            Map<String, Checker.Look<O>> looks, Semaphore permits, ExecutorService threads) {
        var running = new LinkedHashMap<String, Future<Seen<O>>>();
        looks.forEach((subject, look) -> running.put(subject, threads.submit(() -> {
            permits.acquire();
            try {
                return take(subject, look);
            } finally {
                permits.release();
            }
        })));
        return running;
    }

    private <O> Seen<O> take(String subject, Checker.Look<O> look) throws InterruptedException {
        try {
            return new Seen.Observation<>(Deadline.within(properties.lookTimeout(), look::take));
        } catch (TimeoutException e) {
            return new Seen.Nothing<>("looking took longer than %d seconds"
                    .formatted(properties.lookTimeout().toSeconds()));
        } catch (ExecutionException e) {
            LOG.error("The look at {} failed", subject, e);
            return new Seen.Nothing<>(internalError(e));
        }
    }

    private static <O> Map<String, Seen<O>> collect(Map<String, Future<Seen<O>>> running) throws InterruptedException {
        var seen = new LinkedHashMap<String, Seen<O>>();
        for (var look : running.entrySet()) {
            try {
                seen.put(look.getKey(), look.getValue().get());
            } catch (ExecutionException e) {
                seen.put(look.getKey(), new Seen.Nothing<>(internalError(e)));
            }
        }
        return seen;
    }

    /// The reason of a result that a fault of ours prevented. It names the fault's kind only: the log has the rest.
    static String internalError(Throwable fault) {
        return "the checker itself failed (%s); this is a fault of Outrider, not of the asset"
                .formatted(
                        requireNonNullElse(fault.getCause(), fault).getClass().getSimpleName());
    }
}
