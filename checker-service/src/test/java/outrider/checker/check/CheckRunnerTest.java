package outrider.checker.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static outrider.checker.check.FakeChecker.ONE;
import static outrider.checker.check.FakeChecker.TWO;
import static outrider.checker.check.FakeChecker.definitions;
import static outrider.checker.check.FakeChecker.judge;
import static outrider.checker.check.FakeChecker.passing;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import outrider.insight.CheckId;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.scan.AssetKind;
import outrider.scan.CheckResult;
import outrider.scan.CheckState;
import outrider.scan.FoundInsight;
import outrider.scan.ScanJob;

class CheckRunnerTest {

    private static final CheckProperties PATIENT = CheckPropertiesTest.looking(Duration.ofSeconds(30), 2);

    private final Map<String, Checker.Look<String>> looks = new LinkedHashMap<>();

    @Test
    void every_check_is_judged_on_every_subject_from_one_look() throws InterruptedException {
        var taken = new AtomicInteger();
        looks.put("b", () -> "seen " + taken.incrementAndGet());
        looks.put("a", () -> "seen " + taken.incrementAndGet());

        var run = run(judge(ONE, seen -> Verdict.pass()), judge(TWO, seen -> new Verdict.NotApplicable("no")));

        assertThat(taken).hasValue(2);
        assertThat(run.results())
                .containsExactly(
                        CheckResult.pass(ONE, "a"),
                        CheckResult.pass(ONE, "b"),
                        CheckResult.notApplicable(TWO, "a", "no"),
                        CheckResult.notApplicable(TWO, "b", "no"));
        assertThat(run.insights()).isEmpty();
    }

    @Test
    void a_disabled_check_has_no_result_and_a_checker_without_others_does_not_look() throws InterruptedException {
        var taken = new AtomicInteger();
        looks.put("a", () -> "seen " + taken.incrementAndGet());

        var one = CheckRun.of(runner(without(TWO), passing(ONE), passing(TWO)), job("fake"));
        assertThat(one.results()).containsExactly(CheckResult.pass(ONE, "a"));

        var none = CheckRun.of(runner(without(ONE, TWO), passing(ONE), passing(TWO)), job("fake"));
        assertThat(none.results()).isEmpty();
        assertThat(taken).hasValue(1);
    }

    @Test
    void problems_become_insights_with_the_severity_of_the_check_unless_they_have_their_own()
            throws InterruptedException {
        looks.put("a", () -> "x");
        var own = Problem.of("Own").detail("d").severity(Severity.LOW).saw("it", "y\u0000\u202e");

        var run = run(judge(ONE, seen -> new Verdict.Fail(List.of(Problem.of("Plain"), own))), passing(TWO));

        assertThat(run.results()).contains(CheckResult.fail(ONE, "a", "Plain"));
        assertThat(run.insights())
                .containsExactly(
                        new FoundInsight(ONE, "a", "", Severity.HIGH, Confidence.FIRM, "Plain", Map.of()),
                        new FoundInsight(
                                ONE, "a", "d", Severity.LOW, Confidence.FIRM, "Own", Map.of("it", "y\\u{0}\\u{202e}")));
    }

    @Test
    void a_judge_that_breaks_costs_its_own_check_only() throws InterruptedException {
        looks.put("a", () -> "x");

        var run = run(
                judge(ONE, seen -> {
                    throw new IllegalStateException("secret");
                }),
                passing(TWO));

        assertThat(run.results()).extracting(CheckResult::state).containsExactly(CheckState.ERROR, CheckState.PASS);
        assertThat(run.results().getFirst().why())
                .contains("IllegalStateException", "a fault of Outrider")
                .doesNotContain("secret");
    }

    @Test
    void a_look_that_breaks_costs_its_own_subject_only() throws InterruptedException {
        looks.put("a", () -> {
            throw new IllegalStateException("x");
        });
        looks.put("b", () -> "x");

        var run = run(passing(ONE), passing(TWO));

        assertThat(states(run, "a")).containsExactly(CheckState.ERROR, CheckState.ERROR);
        assertThat(states(run, "b")).containsExactly(CheckState.PASS, CheckState.PASS);
    }

    @Test
    void a_checker_that_breaks_before_it_looks_is_an_error_of_all_its_checks() throws InterruptedException {
        var broken = new FakeChecker(looks, List.of(passing(ONE), passing(TWO))) {
            @Override
            public Stream<Subject<String>> subjects(ScanJob job) {
                throw new IllegalStateException("x");
            }
        };

        assertThat(states(run(broken), "asset.test")).containsExactly(CheckState.ERROR, CheckState.ERROR);
    }

    @Test
    void a_checker_that_breaks_among_its_subjects_keeps_what_was_seen_and_says_that_it_was_not_all()
            throws InterruptedException {
        var broken = endless(n -> {
            if (n == 9) {
                throw new IllegalStateException("x");
            }
            return "s" + n;
        });

        var run = run(broken);

        assertThat(run.results())
                .filteredOn(result -> result.state() == CheckState.PASS)
                .isNotEmpty();
        assertThat(states(run, "asset.test")).containsExactly(CheckState.ERROR, CheckState.ERROR);
    }

    @Test
    void subjects_are_asked_for_as_looks_end_and_never_all_at_once() {
        var asked = new AtomicInteger();
        var results = new AtomicInteger();
        var checker = endless(n -> "s" + asked.incrementAndGet());

        assertThatIOException()
                .isThrownBy(() -> runner(checker).run(job("fake"), line -> {
                    assertThat(asked.get() - results.getAndIncrement() / 2)
                            .isLessThanOrEqualTo(2 * PATIENT.parallelLooks());
                    if (results.get() == 1_000) {
                        throw new IOException("enough");
                    }
                }));
    }

    @Test
    void a_look_that_takes_too_long_is_stopped_and_costs_nobody_else() throws InterruptedException {
        var stopped = new CountDownLatch(1);
        looks.put("slow", () -> {
            try {
                new CountDownLatch(1).await();
                return "never";
            } finally {
                stopped.countDown();
            }
        });
        looks.put("swift", () -> "x");

        var run = CheckRun.of(
                runner(CheckPropertiesTest.looking(Duration.ofMillis(50), 1), passing(ONE), passing(TWO)), job("fake"));

        assertThat(states(run, "slow")).containsOnly(CheckState.ERROR);
        assertThat(states(run, "swift")).containsOnly(CheckState.PASS);
        assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void an_interrupt_ends_the_run_and_its_looks() throws Exception {
        var looking = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var interrupted = new CompletableFuture<InterruptedException>();
        looks.put("a", () -> {
            try {
                looking.countDown();
                new CountDownLatch(1).await();
                return "never";
            } finally {
                ended.countDown();
            }
        });
        var thread = Thread.ofVirtual().start(() -> {
            try {
                run(passing(ONE), passing(TWO));
            } catch (InterruptedException e) {
                interrupted.complete(e);
            }
        });
        looking.await();

        thread.interrupt();

        assertThat(interrupted.get(5, TimeUnit.SECONDS)).isNotNull();
        assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void an_asset_without_subjects_is_not_applicable() throws InterruptedException {
        assertThat(run(passing(ONE), passing(TWO)).results())
                .containsExactly(
                        CheckResult.notApplicable(ONE, "asset.test", "nothing to see"),
                        CheckResult.notApplicable(TWO, "asset.test", "nothing to see"));
    }

    @Test
    void an_unknown_checker_is_refused_by_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CheckRun.of(runner(PATIENT, passing(ONE), passing(TWO)), job("no\nsuch")))
                .withMessage("There is no checker 'no\\u{a}such', only [fake]");
    }

    @SafeVarargs
    private CheckRun run(Judge<String>... judges) throws InterruptedException {
        return CheckRun.of(runner(PATIENT, judges), job("fake"));
    }

    private CheckRun run(Checker<String> checker) throws InterruptedException {
        return CheckRun.of(runner(checker), job("fake"));
    }

    private static CheckRunner runner(Checker<String> checker) {
        return new CheckRunner(List.of(checker), definitions(ONE, TWO), PATIENT);
    }

    private Checker<String> endless(IntFunction<String> name) {
        return new FakeChecker(looks, List.of(passing(ONE), passing(TWO))) {
            @Override
            public Stream<Subject<String>> subjects(ScanJob job) {
                return IntStream.iterate(0, n -> n + 1).mapToObj(n -> new Subject<>(name.apply(n), () -> "x"));
            }
        };
    }

    @SafeVarargs
    private CheckRunner runner(CheckProperties properties, Judge<String>... judges) {
        return new CheckRunner(List.of(new FakeChecker(looks, List.of(judges))), definitions(ONE, TWO), properties);
    }

    private static CheckProperties without(CheckId... disabled) {
        return new CheckProperties(PATIENT.lookTimeout(), 1, Set.of(disabled), PATIENT.publishEvery());
    }

    private static List<CheckState> states(CheckRun run, String subject) {
        return run.results().stream()
                .filter(result -> result.subject().equals(subject))
                .map(CheckResult::state)
                .toList();
    }

    private static ScanJob job(String checker) {
        var id = new UUID(0, 1);
        return new ScanJob(id, 1, id, id, AssetKind.ZONE, "asset.test", List.of(), checker, Instant.EPOCH);
    }
}
