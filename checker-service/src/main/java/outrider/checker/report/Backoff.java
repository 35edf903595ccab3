package outrider.checker.report;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long to wait before trying again: doubling up to a limit, with jitter, and never less than what
/// the other side asked for.
record Backoff(Duration first, Duration limit) {

    /// @param failures how many attempts have failed before this one
    /// @param dice from 0 to 1
    Duration delay(int failures, @Nullable Duration asked, double dice) {
        var doubled = first.multipliedBy(1L << Math.min(failures, 20));
        var bounded = doubled.compareTo(limit) > 0 ? limit : doubled;
        var jittered = Duration.ofNanos((long) (bounded.toNanos() * (0.5 + dice / 2)));
        return asked != null && asked.compareTo(jittered) > 0 ? asked : jittered;
    }
}
