package outrider.bench.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/// A checker that waits for 50 ms, or for 30 s where the name of the asset says that it is slow, and finds five
/// problems, one in twenty of which is not as it was in the scan before.
public final class SimulatedChecker implements CheckerProvider, Checker<SimulatedChecker.Seen> {

    static final String NAME = "sim";
    static final CheckId CHECK = new CheckId("sim.fleet");
    static final String TITLE = "A simulated problem that somebody should look at";

    static final String SLOW = "slow-";
    static final int PROBLEMS = 5;

    private static final Duration WAIT = Duration.ofMillis(50);
    private static final Duration SLOW_WAIT = Duration.ofSeconds(30);
    private static final int CHANGES_ONE_IN = 20;

    /// @param sequence of the scan
    public record Seen(UUID asset, long sequence) {

        /// Where the problem stands.
        static String detail(int number) {
            return "problem " + number;
        }

        /// What was seen of the problem.
        Map<String, String> evidence(int number) {
            return Map.of(
                    "version",
                    String.valueOf(version(number)),
                    "answer",
                    "what a server said, about as long as such answers are wont to be");
        }

        /// How often it has changed by then.
        private long version(int number) {
            return IntStream.rangeClosed(2, (int) sequence)
                    .filter(scan ->
                            Math.floorMod(asset.hashCode() * 31 + number * 7919 + scan * 104_729, CHANGES_ONE_IN) == 0)
                    .count();
        }
    }

    /// The whole scan.
    static Seen look(ScanJob job) throws InterruptedException {
        Thread.sleep(job.name().startsWith(SLOW) ? SLOW_WAIT : WAIT);
        return new Seen(job.assetId(), job.sequence());
    }

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
        return Stream.of(new Subject<>(job.name(), () -> look(job)));
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

        @Override
        public CheckId id() {
            return CHECK;
        }

        @Override
        public Verdict judge(Seen seen) {
            return Verdict.of(IntStream.range(0, PROBLEMS)
                    .mapToObj(number -> seen.evidence(number).entrySet().stream()
                            .reduce(
                                    Problem.of(TITLE).detail(Seen.detail(number)),
                                    (problem, saw) -> problem.saw(saw.getKey(), saw.getValue()),
                                    (one, other) -> one))
                    .toList());
        }
    }
}
