package outrider.checker.report;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// What speaks against one report: how often it failed alone, and whether others were accepted meanwhile.
///
/// Not for several threads at once.
final class Suspicion {

    /// Failures alone after which a report no longer says anything about the API.
    static final int MOST_ALONE = 5;

    /// How many poisoned reports keep the whole time that they are given. More of them get less each, since each
    /// holds a permit of its lane.
    static final int WHOLE_TIME = 8;

    private static final Duration LEAST_TIME = Duration.ofMinutes(10);

    private int alone;
    private long answersAtFirst;
    private long answersAtLast;
    private long poisonedAt;
    private boolean poisoned;
    private final AtomicBoolean inHand = new AtomicBoolean(true);

    /// Its request failed, it was alone in it, and it may be the cause.
    ///
    /// @param answers how many requests were answered so far, whatever they carried
    /// @param now in nanoseconds, from any origin
    void failedAlone(long answers, long now) {
        if (alone++ == 0) {
            answersAtFirst = answers;
        }
        if (!poisoned && isSuspect() && answers > answersAtFirst) {
            poisoned = true;
            poisonedAt = now;
        }
    }

    /// Its request was answered.
    void cleared() {
        alone = 0;
        poisoned = false;
    }

    /// True once: it no longer counts among the reports that say how the API does.
    boolean leavesHand() {
        return inHand.getAndSet(false);
    }

    int alone() {
        return alone;
    }

    /// Whether its failures say nothing about the API any more.
    boolean isSuspect() {
        return alone >= MOST_ALONE;
    }

    /// Whether others were accepted while it failed again and again: the fault is its own.
    boolean isPoisoned() {
        return poisoned;
    }

    /// How often it has failed since then.
    int poisonedFailures() {
        return alone - MOST_ALONE;
    }

    /// Whether it has had its time. During an outage, while nothing is accepted, it is not given up.
    ///
    /// @param most how long a poisoned report is kept
    /// @param others how many of them there are now, this one included
    boolean isUp(long answers, long now, Duration most, int others) {
        var accepted = answers > answersAtLast;
        answersAtLast = answers;
        if (!poisoned || !accepted) {
            return false;
        }
        var share = others <= WHOLE_TIME ? most : shorter(most, others);
        return now - poisonedAt >= share.toNanos();
    }

    private static Duration shorter(Duration most, int others) {
        var share = most.multipliedBy((long) WHOLE_TIME * WHOLE_TIME).dividedBy((long) others * others);
        var least = LEAST_TIME.compareTo(most) < 0 ? LEAST_TIME : most;
        return share.compareTo(least) > 0 ? share : least;
    }
}
