package outrider.standalone;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;

/// The lines that tell the person at the terminal how far the start is.
public final class Progress {
    private final PrintStream out;

    /// Prints to that stream.
    public Progress(PrintStream out) {
        this.out = out;
    }

    /// Does a step and prints its name, where it is to be found and how long it took.
    <T> T step(String name, String where, Callable<T> step) throws Exception {
        var from = System.nanoTime();
        var result = step.call();
        say("  %-14s %-24s %5.1f s".formatted(name, where, seconds(Duration.ofNanos(System.nanoTime() - from))));
        return result;
    }

    /// Prints one line.
    public void say(String line) {
        out.println(line);
        out.flush();
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
