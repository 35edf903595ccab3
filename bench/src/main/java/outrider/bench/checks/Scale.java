package outrider.bench.checks;

import java.time.Duration;

/// How much of everything a run does.
///
/// @param inFlight how many scans are under way at once in the closed loop, ours and bare
/// @param closed the closed loop's warm-up and window
/// @param held how many scans are held open at once to see what one weighs
/// @param open the open loop's warm-up, long enough for the hosts that hang to come to as many as they will be
/// at once, and window
record Scale(int repetitions, int inFlight, Span closed, int held, Span open) {

    /// A warm-up and the time after it in which is counted.
    record Span(Duration warmUp, Duration window) {

        static Span seconds(int warmUp, int window) {
            return new Span(Duration.ofSeconds(warmUp), Duration.ofSeconds(window));
        }

        @Override
        public String toString() {
            return "%d s after a warm-up of %d s".formatted(window.toSeconds(), warmUp.toSeconds());
        }
    }

    static Scale quick() {
        return new Scale(3, 16, Span.seconds(5, 10), 1_000, Span.seconds(20, 20));
    }

    static Scale full() {
        return new Scale(5, 16, Span.seconds(10, 30), 2_000, Span.seconds(30, 60));
    }

    /// Everything, tiny: whether it works, not how fast.
    static Scale smoke() {
        return new Scale(1, 4, Span.seconds(2, 2), 50, Span.seconds(2, 4));
    }
}
