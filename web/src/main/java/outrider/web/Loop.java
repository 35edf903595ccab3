package outrider.web;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Periodic work on a thread of its own: round after round, with a pause in between that grows while rounds fail.
public final class Loop implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

    private final String name;
    private final Duration pause;
    private final BooleanSupplier round;
    private volatile CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile long lastRound;

    /// @param round the work; true means that there is more of it, so that the next round follows without a pause
    public Loop(String name, Duration pause, BooleanSupplier round) {
        this.name = name;
        this.pause = pause;
        this.round = round;
    }

    public String name() {
        return name;
    }

    /// Whether rounds are being made; one that hangs makes it false.
    public boolean turning() {
        var current = thread;
        return current != null && current.isAlive() && System.nanoTime() - lastRound < LONGEST_ROUND.toNanos();
    }

    @Override
    public synchronized void start() {
        stop = new CountDownLatch(1);
        lastRound = System.nanoTime();
        thread = Thread.ofPlatform().daemon().name("outrider-" + name).start(this::run);
    }

    /// Lets the round that is under way finish, and interrupts it only when it takes too long.
    @Override
    public synchronized void stop() {
        var current = thread;
        if (current == null) {
            return;
        }
        stop.countDown();
        try {
            if (!current.join(STOP_PATIENCE)) {
                current.interrupt();
            }
        } catch (InterruptedException e) {
            current.interrupt();
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void run() {
        var failures = 0;
        try {
            Duration wait;
            do {
                try {
                    wait = round.getAsBoolean() ? Duration.ZERO : pause;
                    failures = 0;
                } catch (RuntimeException e) {
                    wait = pauseAfter(++failures);
                    // The whole story once; while it lasts, a line each time.
                    LOG.warn(
                            "{} failed and is tried again in {}: {}",
                            name,
                            wait,
                            e.toString(),
                            failures == 1 ? e : null);
                }
                lastRound = System.nanoTime();
            } while (!stop.await(wait.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            LOG.debug("{} was interrupted", name);
        }
    }

    /// How long it waits when so many rounds in a row, one or more, have failed.
    public Duration pauseAfter(int failures) {
        var grown = pause.multipliedBy(1L << Math.min(failures, 20));
        return grown.compareTo(LONGEST_PAUSE) < 0 ? grown : LONGEST_PAUSE;
    }
}
