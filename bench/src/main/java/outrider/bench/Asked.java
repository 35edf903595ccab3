package outrider.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What whoever works on a part asks for in the environment.
public final class Asked {
    private Asked() {}

    /// `SMOKE=1` runs everything, tiny: whether it works, not how fast.
    public static boolean smoke() {
        return System.getenv("SMOKE") != null;
    }

    /// `ONLY=grid,mix` runs these workloads.
    public static boolean wanted(String workload) {
        String only = System.getenv("ONLY");
        return only == null || List.of(only.split(",")).contains(workload);
    }

    /// `REPETITIONS=5` instead of the usual number.
    public static int repetitions(int usual) {
        String asked = System.getenv("REPETITIONS");
        return asked == null ? usual : Integer.parseInt(asked);
    }

    /// `PROFILE=<directory>`: what is sampled while a suite runs goes there, one file for each process.
    public static Optional<Path> profile() {
        return Optional.ofNullable(System.getenv("PROFILE")).map(Path::of);
    }
}
