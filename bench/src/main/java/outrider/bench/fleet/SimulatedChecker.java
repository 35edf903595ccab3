package outrider.bench.fleet;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import outrider.checker.check.Checker;
import outrider.checker.check.CheckerProvider;
import outrider.checker.check.Judge;
import outrider.checker.check.Outside;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.insight.CheckId;
import outrider.scan.ScanJob;

/// A checker that waits for 50 ms and finds five problems, one in twenty of which is not as it was in the scan
/// before.
public final class SimulatedChecker implements CheckerProvider, Checker<SimulatedChecker.Seen> {

    static final String NAME = "sim";

    private static final Duration WAIT = Duration.ofMillis(50);
    private static final int PROBLEMS = 5;
    private static final int CHANGES_ONE_IN = 20;

    /// @param sequence of the scan
    public record Seen(UUID asset, long sequence) {}

    @Override
    public Checker<Seen> create(Outside outside) {
        return this;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Stream<Subject<Seen>> subjects(ScanJob job) {
        return Stream.of(new Subject<>(job.name(), () -> {
            Thread.sleep(WAIT);
            return new Seen(job.assetId(), job.sequence());
        }));
    }

    @Override
    public List<Judge<Seen>> judges() {
        return List.of(new FiveProblems());
    }

    @Override
    public String whyNoSubjects() {
        return "every asset has one";
    }

    private static final class FiveProblems implements Judge<Seen> {

        private static final CheckId ID = new CheckId("sim.fleet");

        @Override
        public CheckId id() {
            return ID;
        }

        @Override
        public Verdict judge(Seen seen) {
            return Verdict.of(IntStream.range(0, PROBLEMS)
                    .mapToObj(number -> Problem.of("A simulated problem that somebody should look at")
                            .detail("problem " + number)
                            .saw("version", String.valueOf(version(seen, number)))
                            .saw("answer", "what a server said, about as long as such answers are wont to be"))
                    .toList());
        }

        /// How often it has changed by then.
        private static long version(Seen seen, int number) {
            return IntStream.rangeClosed(2, (int) seen.sequence())
                    .filter(scan ->
                            Math.floorMod(seen.asset().hashCode() * 31 + number * 7919 + scan * 104_729, CHANGES_ONE_IN)
                                    == 0)
                    .count();
        }
    }
}
