package outrider.bench;

/// How far a run is, on the error stream.
public final class Progress {
    private static final long BEGUN = System.nanoTime();

    private Progress() {}

    public static void say(String what) {
        System.err.printf("%4d s  %s%n", (System.nanoTime() - BEGUN) / 1_000_000_000, what);
    }
}
