package outrider.insights.history;

import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import outrider.insights.history.HistoryRepository.Kept;

/// Looks after the partitions of the history and what leaves with them, at start and from time to time. Every replica
/// does; of those that do at
/// the same time, one.
@Component
final class HistoryKeeper implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryKeeper.class);

    private static final int STEP = 5_000;

    private final HistoryRepository repository;
    private final HistoryProperties properties;
    private final HistoryMetrics metrics;
    private final Clock clock;
    private @Nullable ScheduledExecutorService executor;

    HistoryKeeper(HistoryRepository repository, HistoryProperties properties, HistoryMetrics metrics, Clock clock) {
        this.repository = repository;
        this.properties = properties;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Looks once. What fails is tried again the next time; no report depends on it.
    void tick() {
        try {
            repository
                    .keep(properties.retain(), properties.monthsAhead(), clock.instant())
                    .ifPresentOrElse(this::kept, metrics::skipped);
            forget();
        } catch (RuntimeException e) {
            LOG.warn("The history could not be looked after; it will be tried again: {}", e.getMessage());
            metrics.failed();
        }
    }

    /// Insights that have been resolved for as long as the history is kept leave with it, in steps; and should a scope
    /// have outlived its asset, that is mended.
    private void forget() {
        var forgotten = 0L;
        long step;
        do {
            step = repository.forgetResolved(properties.retain(), clock.instant(), STEP);
            forgotten += step;
        } while (step == STEP && !Thread.currentThread().isInterrupted());
        if (forgotten > 0) {
            LOG.info(
                    "{} insights left that had been resolved for {} days",
                    forgotten,
                    properties.retain().toDays());
        }
        metrics.forgotten(forgotten);
        var outlived = repository.noteForgotten();
        if (outlived > 0) {
            LOG.warn("{} deleted assets or accounts still had scopes; these go now", outlived);
        }
    }

    private void kept(Kept kept) {
        metrics.kept(kept);
        if (kept.made() + kept.dropped() + kept.putOff() > 0 || kept.stray() > 0) {
            LOG.info(
                    "History: {} partitions made, until {}; {} dropped, older than {} days; {} put off; {} events without a month",
                    kept.made(),
                    kept.covered(),
                    kept.dropped(),
                    properties.retain().toDays(),
                    kept.putOff(),
                    kept.stray());
        }
    }

    @Override
    public synchronized void start() {
        tick();
        var every = properties.interval().toNanos();
        executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name("history-keeper").factory());
        executor.scheduleWithFixedDelay(this::tick, every, every, TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void stop() {
        if (executor != null) {
            executor.shutdownNow();
            executor = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return executor != null;
    }
}
