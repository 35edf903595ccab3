package outrider.bench.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import outrider.bench.BenchException;

class ClosedLoopTest {

    private final ClosedLoop loop = new ClosedLoop(3, new Scale.Span(Duration.ofMillis(20), Duration.ofMillis(100)));

    @Test
    void counts_what_ends_inside_the_window() throws InterruptedException {
        assertThat(loop.perSecond(() -> {})).isPositive();
        // Three begin and none ends.
        assertThat(loop.perSecond(() -> new Semaphore(0).acquire())).isZero();
    }

    @Test
    void work_that_fails_is_no_figure() {
        assertThatThrownBy(() -> loop.perSecond(() -> {
                    throw new IOException("no");
                }))
                .isInstanceOf(BenchException.class)
                .hasRootCauseMessage("no");
    }
}
