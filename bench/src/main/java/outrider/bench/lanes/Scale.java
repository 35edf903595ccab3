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

    /// @param records enough for the cap at 100 ms, which is more than any arm can do
    record Steady(int records, Duration warmUp, Duration window) {}

    /// @param slowMillis how long one job in a hundred takes
    record Mix(
            int partitions,
            int cap,
            int fastMillis,
            int slowMillis,
            int shareMembers,
            Duration warmUp,
            Duration window) {

        /// Enough for the fastest arm: no more slow jobs can start than there are permits, and again each time they
        /// end.
        int records() {
            double rounds = 1.0 + (warmUp.toMillis() + window.toMillis()) / (double) slowMillis;
            return (int) (cap * SlowJobs.ONE_IN * rounds * 1.2);
        }
    }

    record Latency(int ratePerSecond, Duration warmUp, Duration window) {}

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
                new Steady(0, Duration.ZERO, Duration.ZERO),
                new Mix(30, 1_500, 50, 30_000, 100, Duration.ofSeconds(30), Duration.ofSeconds(30)),
                new Latency(1_000, Duration.ofSeconds(10), Duration.ofSeconds(15)),
                new Crash(20_000, 8, 200, 20, 5_000, Duration.ofSeconds(1), Duration.ofSeconds(5)),
                new Hour(10_000, 1_000_000));
    }

    static Scale full() {
        var quick = quick();
        return new Scale(
                5,
                true,
                quick.grid,
                new Steady(7_500_000, Duration.ofSeconds(10), Duration.ofSeconds(60)),
                new Mix(30, 1_500, 50, 30_000, 100, Duration.ofSeconds(30), Duration.ofSeconds(60)),
                new Latency(1_000, Duration.ofSeconds(30), Duration.ofSeconds(60)),
                quick.crash,
                quick.hour);
    }

    /// Everything, tiny: whether it works, not how fast.
    static Scale smoke() {
        return new Scale(
                1,
                true,
                new Grid(500, 8, 200, 10),
                new Steady(20_000, Duration.ofSeconds(1), Duration.ofSeconds(3)),
                new Mix(6, 60, 50, 2_000, 10, Duration.ofSeconds(2), Duration.ofSeconds(3)),
                new Latency(100, Duration.ofSeconds(2), Duration.ofSeconds(3)),
                new Crash(2_000, 8, 50, 20, 1_000, Duration.ofSeconds(1), Duration.ofSeconds(2)),
                new Hour(500, 5_000));
    }
}
