package outrider.bench.lanes;

import java.time.Duration;

/// How much of everything a run does.
///
/// @param everything every arm in every cell, and the workloads that no figure needs
record Scale(
        int repetitions,
        boolean everything,
        Grid grid,
        Steady steady,
        Mix mix,
        Latency latency,
        Crash crash,
        Hour hour) {

    record Grid(int records, int partitions, int cap, int shareMembers) {}

    /// A warm-up and the time after it in which is counted.
    record Span(Duration warmUp, Duration window) {
        static Span seconds(int warmUp, int window) {
            return new Span(Duration.ofSeconds(warmUp), Duration.ofSeconds(window));
        }

        Duration total() {
            return warmUp.plus(window);
        }

        @Override
        public String toString() {
            return "%d s after a warm-up of %d s".formatted(window.toSeconds(), warmUp.toSeconds());
        }
    }

    /// @param records enough for the cap at 100 ms, which is more than any arm can do
    record Steady(int records, Span span) {}

    /// All jobs start at once, so the slow ones end in waves, and what is counted depends on where in a wave it
    /// is. Hence whole waves.
    ///
    /// @param slowMillis how long one job in a hundred takes
    /// @param waiting for arms in which jobs wait for slow ones: a wave is as long as a slow job
    /// @param flowing for arms in which they do not: a wave is longer by the fast jobs in between; simulated
    /// without any cost, such an arm shows its long-run rate from 20 to 55 s
    record Mix(int partitions, int cap, int fastMillis, int slowMillis, int shareMembers, Span waiting, Span flowing) {

        /// Enough for the fastest arm: as many slow jobs as there are permits, and again each time they end.
        int records() {
            long longest = Math.max(waiting.total().toMillis(), flowing.total().toMillis());
            return (int) (cap * SlowJobs.ONE_IN * (1.0 + longest / (double) slowMillis) * 1.2);
        }

        /// What the cap allows in the long run, in jobs per second.
        double longRun() {
            double meanMillis = (slowMillis + (SlowJobs.ONE_IN - 1.0) * fastMillis) / SlowJobs.ONE_IN;
            return cap * 1_000 / meanMillis;
        }
    }

    record Latency(int ratePerSecond, Span span) {}

    record Crash(
            int records,
            int partitions,
            int permits,
            int fastMillis,
            int slowMillis,
            Duration earliestKill,
            Duration latestKill) {}

    record Hour(int few, int many) {}

    /// What the published figures need, in a quarter of an hour on two cores.
    static Scale quick() {
        return new Scale(
                3,
                false,
                new Grid(25_000, 8, 10_000, 50),
                new Steady(0, Span.seconds(0, 0)),
                new Mix(30, 1_500, 50, 30_000, 100, Span.seconds(30, 30), Span.seconds(20, 35)),
                new Latency(1_000, Span.seconds(8, 12)),
                new Crash(20_000, 8, 200, 20, 5_000, Duration.ofSeconds(1), Duration.ofSeconds(5)),
                new Hour(10_000, 1_000_000));
    }

    static Scale full() {
        var quick = quick();
        return new Scale(
                5,
                true,
                quick.grid,
                new Steady(7_500_000, Span.seconds(10, 60)),
                new Mix(30, 1_500, 50, 30_000, 100, Span.seconds(30, 60), Span.seconds(20, 70)),
                new Latency(1_000, Span.seconds(30, 60)),
                quick.crash,
                quick.hour);
    }

    /// Everything, tiny: whether it works, not how fast.
    static Scale smoke() {
        return new Scale(
                1,
                true,
                new Grid(500, 8, 200, 10),
                new Steady(20_000, Span.seconds(1, 3)),
                new Mix(6, 60, 50, 2_000, 10, Span.seconds(2, 3), Span.seconds(2, 3)),
                new Latency(100, Span.seconds(2, 3)),
                new Crash(2_000, 8, 50, 20, 1_000, Duration.ofSeconds(1), Duration.ofSeconds(2)),
                new Hour(500, 5_000));
    }
}
