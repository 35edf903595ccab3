package outrider.bench.lanes;

import java.util.SplittableRandom;

/// Which jobs are slow: one in a hundred, drawn by number from a fixed seed, so that every arm and every run
/// meets the same ones in the same places.
final class SlowJobs {
    static final int ONE_IN = 100;
    private static final long SEED = 20_260_612;

    private SlowJobs() {}

    static boolean isSlow(int number) {
        return new SplittableRandom(SEED + number).nextInt(ONE_IN) == 0;
    }
}
