package outrider.checker.check;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import outrider.checker.egress.Deadline;

/// Takes the looks of one scan, a few at a time and each under its own deadline, so that a subject that
/// hangs costs nobody else.
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

    /// Is told what was seen of each subject, on the thread that asked for the looks.
    interface Watcher<O> {
        void saw(String subject, Seen<O> seen) throws IOException;
    }

    private record Ended<O>(String subject, Seen<O> seen) {}

    /// Goes through the subjects and tells what was seen of each as soon as its look ends. Takes the
    /// next subject only when a look has ended, so that memory does not grow with their number. However
    /// it returns, no look goes on.
    <O> void take(Iterator<Checker.Subject<O>> subjects, Watcher<O> watcher) throws InterruptedException, IOException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var looks = new ExecutorCompletionService<Ended<O>>(threads);
            try {
                for (var running = start(subjects, 0, looks); running > 0; running = start(subjects, running, looks)) {
                    var ended = looks.take().get();
                    running--;
                    watcher.saw(ended.subject(), ended.seen());
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("A look could not be taken", e);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    /// Starts looks as long as there is room and a subject; returns how many run then.
    private <O> int start(Iterator<Checker.Subject<O>> subjects, int running, CompletionService<Ended<O>> looks) {
        var now = running;
        while (now < properties.parallelLooks() && subjects.hasNext()) {
            var subject = subjects.next();
            looks.submit(() -> new Ended<>(subject.name(), take(subject.name(), subject.look())));
            now++;
        }
        return now;
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

    /// The reason of a result that a fault of ours prevented. It names the fault's kind only: the log
    /// has the rest.
    static String internalError(Throwable fault) {
        return "the checker itself failed (%s); this is a fault of Outrider, not of the asset"
                .formatted(
                        requireNonNullElse(fault.getCause(), fault).getClass().getSimpleName());
    }
}
