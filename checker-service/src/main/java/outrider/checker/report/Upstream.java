package outrider.checker.report;

import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Whether the insights API takes reports. While it does not, nobody should start a scan whose report could not
/// be brought there.
///
/// Trouble is a lease that is renewed here and ends by itself when it is not. The reports in hand end it: one
/// that is answered says that the API is well. Without any in hand the readiness of the API is asked, ever more
/// rarely, and never a new scan is used up for that.
@Component
public final class Upstream implements AutoCloseable {

    /// How long listeners may believe in trouble that is not said again.
    static final Duration LEASE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
    private static final Duration ASKED_ENOUGH = Duration.ofSeconds(1);

    private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Readiness readiness;
    private final ReportMetrics metrics;
    private final Backoff backoff;
    private final long patience;

    // All guarded by this.
    private @Nullable String trouble;
    private @Nullable Thread watch;
    private int inHand;
    private long evidence = System.nanoTime();
    private long quietUntil = System.nanoTime();
    private long answers;
    private boolean wasReady;
    private boolean closed;
    private long askedAt = System.nanoTime() - ASKED_ENOUGH.toNanos();

    /// Is told of trouble while it lasts, and once when it is over.
    public interface Listener {
        /// Trouble began or goes on.
        ///
        /// @param lease past it, it is over unless this was called again
        void inTrouble(String why, Duration lease);

        void wellAgain();
    }

    /// Asks the API whether it is ready, without a report.
    interface Readiness {
        boolean isGood() throws InterruptedException;
    }

    @Autowired
    Upstream(ReportClient client, ReportProperties properties, ReportMetrics metrics) {
        this(client::isReady, properties, metrics);
    }

    Upstream(Readiness readiness, ReportProperties properties, ReportMetrics metrics) {
        this.readiness = readiness;
        this.metrics = metrics;
        this.backoff = new Backoff(properties.backoff(), properties.maxBackoff());
        this.patience = properties.timeout().plus(properties.maxBackoff()).toNanos();
    }

    /// Adds a listener and tells it of present trouble.
    public synchronized void listen(Listener listener) {
        listeners.add(listener);
        if (trouble != null) {
            listener.inTrouble(trouble, LEASE);
        }
    }

    /// A report is in hand whose requests say how the API does.
    synchronized void taken() {
        inHand++;
    }

    /// It is so no more.
    synchronized void left() {
        inHand--;
    }

    /// @param asked how long the API asked not to be called; null: it did not
    synchronized void failed(String why, @Nullable Duration asked) {
        evidence = System.nanoTime();
        if (asked != null) {
            quietUntil = Math.max(quietUntil - evidence, asked.toNanos()) + evidence;
        }
        var began = trouble == null;
        trouble = why;
        if (began) {
            renew();
        }
        if (watch == null && !closed) {
            var watching = Thread.ofVirtual().name("upstream-watch").unstarted(this::watch);
            watching.start();
            watch = watching;
        }
    }

    /// A request was answered.
    synchronized void answered() {
        answers++;
        over();
    }

    /// How many requests were answered so far.
    synchronized long answers() {
        return answers;
    }

    /// Whether the API answers, be it to others: then what fails again and again may be the fault of what is
    /// sent.
    ///
    /// @param since how many requests were answered when it first failed
    boolean answersOthers(long since) throws InterruptedException {
        synchronized (this) {
            if (answers > since) {
                return true;
            }
            if (System.nanoTime() - askedAt < ASKED_ENOUGH.toNanos()) {
                return wasReady;
            }
        }
        return ask();
    }

    private boolean ask() throws InterruptedException {
        var ready = readiness.isGood();
        synchronized (this) {
            askedAt = System.nanoTime();
            wasReady = ready;
        }
        return ready;
    }

    private synchronized void over() {
        watch = null;
        notifyAll();
        if (trouble != null) {
            trouble = null;
            listeners.forEach(Listener::wellAgain);
        }
    }

    private synchronized void renew() {
        var why = trouble;
        if (why != null) {
            listeners.forEach(listener -> listener.inTrouble(why, LEASE));
        }
    }

    private void watch() {
        for (var round = 0; ; round++) {
            try {
                if (!pause(
                        backoff.delay(round, null, ThreadLocalRandom.current().nextDouble()))) {
                    return;
                }
                renew();
                if (isUnattended() && ask()) {
                    LOG.info("The insights API is ready again; no report was in hand to tell");
                    over();
                    return;
                }
            } catch (InterruptedException | RuntimeException | Error e) {
                metrics.restarted("upstream-watch");
                LOG.error("The watch over the insights API goes on after a failure", e);
            }
        }
    }

    /// Waits that long and no longer than a third of the lease; false when there is nothing more to watch.
    private synchronized boolean pause(Duration delay) throws InterruptedException {
        var left = Math.min(delay.toNanos(), LEASE.dividedBy(3).toNanos());
        var end = System.nanoTime() + left;
        while (watch == Thread.currentThread() && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
        return watch == Thread.currentThread();
    }

    /// Whether no report in hand will tell soon how the API does.
    private synchronized boolean isUnattended() {
        var now = System.nanoTime();
        return now - quietUntil >= 0 && (inHand == 0 || now - evidence > patience);
    }

    @Override
    public synchronized void close() {
        closed = true;
        watch = null;
        notifyAll();
    }
}
