package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/// What tests expect of the work that hostile input makes: in processor time, which other work on the machine does
/// not stretch.
public final class Effort {

    private static final Duration STUCK = Duration.ofMinutes(5);

    private Effort() {}

    /// Ends, and takes no more of a processor than that.
    public static void assertAtMost(Duration most, Runnable work) {
        var threads = ManagementFactory.getThreadMXBean();
        assertTimeoutPreemptively(STUCK, () -> {
            var before = threads.getCurrentThreadCpuTime();
            work.run();
            assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before))
                    .isLessThanOrEqualTo(most);
        });
    }
}
